/** A file that the server makes, kept under a name: asked for like anything else, so that a refusal is shown. */
const KEEP = 10_000;

export async function keep(file: Promise<Blob>, name: string): Promise<void> {
  const url = URL.createObjectURL(await file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(url), KEEP);
}
