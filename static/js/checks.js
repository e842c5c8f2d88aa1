/* Forms of words and dates (calendar, risks, weather): what the rules say of what is typed, before it is saved.
 * The server answers the form sent with « controler » and keeps nothing; without an answer the page stays as it is. */
"use strict";
(() => {
  const form = document.querySelector("form[data-checked]");
  const status = document.getElementById("controles-dits");
  if (!form || !status) return;
  const WAIT = 500;
  let timer = 0, last = 0;

  const sentences = (page) =>
    [...page.querySelectorAll(".grid-warning")].map((one) => one.textContent.replace(/\s+/g, " ").trim());

  /* Puts each part in its place, and reads aloud only what was not said before. */
  const show = (page) => {
    const before = new Set(sentences(document)), now = sentences(page);
    for (const place of document.querySelectorAll("[data-checks]")) {
      const fresh = page.querySelector(`[data-checks="${place.dataset.checks}"]`);
      const html = fresh ? fresh.innerHTML : "";
      if (place.innerHTML.trim() !== html.trim()) place.innerHTML = html;
      const row = place.closest("tr");
      if (row) row.hidden = !html.trim();
    }
    const news = [...new Set(now)].filter((one) => !before.has(one));
    status.textContent = news.length ? news.join(" ") : before.size && !now.length ? "Les contrôles n’ont plus rien à signaler." : "";
  };

  const look = async () => {
    const mine = ++last, body = new URLSearchParams(new FormData(form));
    body.set("controler", "1");
    const answer = await fetch(location.pathname, { method: "POST", body, redirect: "manual", credentials: "same-origin" });
    if (!answer.ok) return;
    const text = await answer.text();
    if (mine === last) show(new DOMParser().parseFromString(text, "text/html"));
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => { look().catch(() => {}); }, WAIT);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", () => { clearTimeout(timer); last += 1; });
})();
