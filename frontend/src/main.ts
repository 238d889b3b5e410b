import { mount } from "svelte";

import App from "./App.svelte";
import "./app.css";
import { i18n } from "./i18n/index.svelte";

document.documentElement.lang = i18n.lang;

const target = document.getElementById("app");
if (!target) throw new Error("index.html has lost its #app");

export default mount(App, { target });
