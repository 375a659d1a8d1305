/** What the server tells the lab page in its `<script type="application/json" id="boot">`. `socket` is a path on this host. */
export interface Boot {
  session: string;
  preset: string;
  lesson: string;
  socket: string;
  language: "en" | "ko";
}

/** The page’s boot data; null on a page that is no lab. */
export function readBoot(): Boot | null {
  const text = document.getElementById("boot")?.textContent;
  return text ? (JSON.parse(text) as Boot) : null;
}
