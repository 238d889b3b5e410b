/** One criterion that is filtered by, with its way out. */
export interface Chip {
  key: string;
  text: string;
  drop: () => void;
}
