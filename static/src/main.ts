/** The page’s script: everything that lives in the browser starts here. */
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/account.css";
import "./styles/own.css";
import "./styles/home.css";
import "./styles/lab.css";
import "./styles/lesson.css";
import "./styles/instructor.css";
import { readBoot } from "./boot";
import { keepPlace } from "./language";
import { switchTheme } from "./theme";

for (const button of document.querySelectorAll("[data-theme-switch]")) button.addEventListener("click", switchTheme);
keepPlace();

const boot = readBoot();
if (boot) void import("./page").then((page) => page.open(boot));

const preview = document.querySelector<HTMLMetaElement>("meta[name=preview]");
if (preview) void import("./preview").then(({ watch }) => watch(preview.content, () => location.reload()));
