/** Lets the browser save text as a file. */
export function saveText(fileName: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName;
  link.click();
  // The download has begun by then; some browsers lose it when the address goes at once.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
