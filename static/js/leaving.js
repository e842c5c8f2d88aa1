/* Forms that keep nothing before they are sent (`data-guarded`, « typed » when what they show was refused): the browser
 * asks before what was typed there is lost. Nothing is asked once the form is sent, nor by a link that says it gives up. */
"use strict";
(() => {
  const forms = [...document.querySelectorAll("form[data-guarded]")];
  let sent = null, gives = false;
  const chosen = (list) => Math.max(0, [...list.options].findIndex((one) => one.defaultSelected));
  const isTouched = (field) => {
    if (field.options) return field.selectedIndex !== chosen(field);
    return ["checkbox", "radio"].includes(field.type) ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
  };
  const isLost = (form) =>
    form !== sent && (form.dataset.guarded === "typed" || [...form.querySelectorAll("input, select, textarea")].some(isTouched));
  document.addEventListener("submit", (event) => { sent = event.target; });
  document.addEventListener("click", (event) => { gives = Boolean(event.target.closest("a[data-gives-up]")); });
  addEventListener("pageshow", () => { sent = null; gives = false; });
  addEventListener("beforeunload", (event) => { if (!gives && forms.some(isLost)) event.preventDefault(); });
})();
