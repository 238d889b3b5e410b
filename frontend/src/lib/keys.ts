/** Ctrl+S saves what is on the screen, not the page; false: it was another key. */
export function saveKey(event: KeyboardEvent, save: () => unknown): boolean {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return false;
  event.preventDefault();
  void save();
  return true;
}
