/** Ctrl+S saves what is on the screen, not the page; false: it was another key. */
export function saveKey(event: KeyboardEvent, save: () => unknown): boolean {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return false;
  event.preventDefault();
  void save();
  return true;
}

/** Escape leaves a record, unless something in it has taken the key or a dialog stands over it. */
export function leaveKey(event: KeyboardEvent, leave: () => void): void {
  if (event.key === "Escape" && !event.defaultPrevented && !document.querySelector("dialog[open]")) leave();
}
