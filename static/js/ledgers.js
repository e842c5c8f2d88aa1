/* A table or a drawing larger than its frame says so; one that fits has no frame, and its heads follow the page as it scrolls. */
"use strict";
(() => {
  const HINTS = {
    wide: "Le tableau continue à droite\u00a0: faites-le défiler.",
    tall: "Le tableau continue plus bas\u00a0: faites-le défiler dans son cadre.",
    both: "Le tableau continue à droite et plus bas\u00a0: faites-le défiler dans son cadre.",
    drawn: "Le graphique continue à droite\u00a0: faites-le défiler.",
  };
  const BOXES = ".ledger, .canvas";
  const hints = new WeakMap();

  const hintOf = (box) => {
    if (!hints.has(box)) {
      const hint = document.createElement("p");
      hint.className = "ledger-hint";
      box.before(hint);
      hints.set(box, hint);
    }
    return hints.get(box);
  };
  const look = (box) => {
    if (!box.clientWidth) return; /* folded away */
    box.classList.remove("ledger--whole");
    const isWide = box.scrollWidth > box.clientWidth + 1, isTall = box.scrollHeight > box.clientHeight + 1;
    box.classList.toggle("ledger--whole", !isWide && !isTall);
    const text = box.matches(".canvas") ? isWide ? HINTS.drawn : "" : isWide && isTall ? HINTS.both : isWide ? HINTS.wide : isTall ? HINTS.tall : "";
    if (!text && !hints.has(box)) return;
    const hint = hintOf(box);
    hint.hidden = !text;
    if (hint.textContent !== text) hint.textContent = text;
  };

  const watch = new ResizeObserver((seen) => {
    new Set(seen.map((one) => one.target.closest(BOXES))).forEach(look);
  });
  document.querySelectorAll(BOXES).forEach((box) => {
    watch.observe(box);
    if (box.firstElementChild) watch.observe(box.firstElementChild);
  });
})();
