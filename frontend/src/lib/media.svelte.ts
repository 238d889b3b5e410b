/** True while list and record stand side by side (the same condition as in Split.svelte). */
import { MediaQuery } from "svelte/reactivity";

export const sideBySide = new MediaQuery("(min-width: 1000px) and (orientation: landscape)");
