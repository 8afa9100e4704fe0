/** Stands for the instance token wherever it is hidden. As long as a real one, so nothing jumps on reveal. */
export const maskedToken = "•".repeat(32);

/** Stands for the instance token where a person is to put it in by hand. */
export const tokenPlaceholder = "YOUR_INSTANCE_TOKEN";

/** Stands for the id where there is no instance yet. */
export const instancePlaceholder = "YOUR_INSTANCE_ID";

/**
 * The address callers put their own path after.
 *
 * @param origin scheme, host and port where instances are called, without a trailing slash
 * @param token the instance token, or what stands for it
 */
export function baseUrl(origin: string, instanceId: string, token: string): string {
  return `${origin}/instances/${instanceId}/token/${token}`;
}
