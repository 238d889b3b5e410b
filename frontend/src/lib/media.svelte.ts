import { MediaQuery } from "svelte/reactivity";

/** True while list and record stand side by side (the same condition as in Split.svelte). */
export const sideBySide = new MediaQuery("(min-width: 1000px) and (orientation: landscape)");

/** True where the frame has room for a few names of screens only. */
export const narrow = new MediaQuery("(max-width: 860px)");
