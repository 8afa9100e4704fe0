/** Bodies of the wire contract that sentences quote; the door answers exactly these. */
export const wireAnswers = {
  unknownInstance: '{"error":"Instance not found"}',
  paused: '{"error":"Instance paused"}',
  missingToken: '{"error":"null not allowed"}',
  wrongToken: '{"error":"Client-Token not allowed"}',
  address: '{"error":"203.0.113.9 not allowed"}',
} as const;
