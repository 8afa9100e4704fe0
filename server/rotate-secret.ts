import { defineCommand } from "./command";
import { withInstallation } from "./installation";
import { rotateSecret } from "./secret/rotate";
import { keepWords } from "./words";

export const command = defineCommand({
  name: "rotate-secret",
  json: true,
  options: {},
  async run({ progress, result }) {
    return withInstallation(async ({ secretFile }) => {
      const done = await rotateSecret(secretFile, progress);
      const { isFileDone, ...counts } = done;
      const { oldTokens: tokens, oldRecoveryCodes: codes, unreadable, late } = counts;
      const text = [
        keepWords("rotate.sum", counts),
        ...(tokens + codes > 0 ? [keepWords("rotate.old", { tokens, codes })] : []),
        ...(unreadable > 0 ? [keepWords("rotate.unreadable", { count: unreadable })] : []),
        ...(late > 0 ? [keepWords("rotate.late", { count: late })] : []),
        secretFile === undefined
          ? keepWords("rotate.environment")
          : keepWords(isFileDone ? "rotate.file" : "rotate.leaveOut", { path: secretFile }),
      ].join("\n");
      result(done, text);
      return late > 0 ? 1 : 0;
    });
  },
});
