/* Entry grids (templates/components/grid): arrows, Enter, paste of a block, copy, undo, totals, save by row.
 * Nothing is kept in the browser: what is typed stays in the inputs until the server has said that it holds it. */
"use strict";
(() => {
  const form = document.getElementById("saisie");
  const table = document.getElementById("grille");
  const status = document.getElementById("statut");
  if (!form || !table) return;
  const { parseAmount, parseNumber, parseRate, format } = window.FtapNumbers;
  const unit = table.dataset.unit;
  const READ = { amount: (text) => parseAmount(text, unit), number: parseNumber, rate: parseRate };
  const undone = [];
  const RETRY = [2000, 5000, 15000, 30000];

  // --- The table ---

  const rows = () => [...table.querySelectorAll("tr[data-writable]")];
  const cellsOf = (row) => [...row.querySelectorAll("[data-rank]")];
  const rowOf = (cell) => cell.closest("tr[data-row]");
  const field = (cell) => cell.name.slice(cell.name.indexOf("-") + 1);
  const columns = () => {
    const widest = rows().map(cellsOf).sort((one, other) => other.length - one.length)[0] || [];
    return widest.map(field);
  };
  const at = (row, name) => row && cellsOf(row).find((cell) => field(cell) === name);
  const isBlock = (cell) => cell.matches("input[data-kind]");

  const read = (cell) => {
    if (!isBlock(cell)) return { value: cell.value };
    try {
      return { value: READ[cell.dataset.kind](cell.value) };
    } catch (error) {
      return { error: error.message };
    }
  };

  const showError = (cell, message) => {
    const place = document.getElementById(cell.getAttribute("aria-describedby"));
    if (place) place.textContent = message || "";
    if (message) cell.setAttribute("aria-invalid", "true");
    else cell.removeAttribute("aria-invalid");
  };

  /* 12,5 → 12,50; three decimals would read as thousands, so a fourth is written, as the server does. */
  const tidy = (cell) => {
    const { value, error } = read(cell);
    showError(cell, error);
    if (error || !isBlock(cell) || value === null) return;
    const [whole, decimals = ""] = value.split(".");
    let shown = value, least = 0;
    if (cell.dataset.kind === "amount") {
      least = 2;
      if (unit === "keur") {
        const digits = whole.replace("-", "").padStart(4, "0") + decimals;
        shown = `${value.startsWith("-") ? "-" : ""}${digits.slice(0, -5)}.${digits.slice(-5)}`;
      }
    }
    const kept = (shown.split(".")[1] || "").replace(/0+$/, "").length;
    const places = Math.max(least, kept);
    cell.value = format(shown, places === 3 ? 4 : places);
  };

  const total = (name) => {
    let sum = null;
    for (const row of table.querySelectorAll("tbody tr[data-row]")) {
      const cell = at(row, name);
      const { value } = cell ? read(cell) : {};
      if (value) sum = (sum || 0n) + BigInt(value.replace(".", ""));
    }
    return sum;
  };

  const showTotals = () => {
    if (table.querySelectorAll("tbody tr[data-row]").length !== rows().length) return;
    for (const place of table.querySelectorAll("[data-total]")) {
      const cents = total(place.dataset.total);
      if (cents === null) place.textContent = "n.\u00a0r.";
      else {
        const digits = String(cents < 0n ? -cents : cents).padStart(unit === "keur" ? 6 : 3, "0");
        const scale = unit === "keur" ? 5 : 2;
        const text = `${cents < 0n ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
        const kept = Math.max(2, digits.slice(-scale).replace(/0+$/, "").length);
        place.textContent = format(text, kept === 3 ? 4 : kept);
      }
    }
  };

  // --- Saving: one request in flight, by row or by block; the status line says only what is true ---

  const say = (text, tone) => {
    status.textContent = text;
    status.dataset.tone = tone;
  };
  const changed = new Set();
  const sent = new Map();
  let flying = false, halted = false, renewed = false, attempt = 0, timer = 0;

  const touch = (cell) => {
    const row = rowOf(cell);
    row.dataset.pending = "";
    changed.add(row);
    showTotals();
  };
  const isReadable = (row) => cellsOf(row).every((cell) => !read(cell).error);
  const waiting = () => [...changed].filter((row) => isReadable(row) && row.dataset.state !== "stale");

  const save = async (only) => {
    clearTimeout(timer);
    const batch = only || waiting();
    if (flying || !batch.length) return tell();
    flying = true;
    const body = new URLSearchParams({ unite: unit, csrfmiddlewaretoken: form.csrfmiddlewaretoken.value });
    for (const row of batch) {
      const values = cellsOf(row).map((cell) => [cell.name, cell.value]);
      values.push([`r${row.dataset.row}`, row.querySelector(`[name="r${row.dataset.row}"]`).value]);
      values.forEach(([name, value]) => body.append(name, value));
      sent.set(row, new Map(values));
      changed.delete(row);
    }
    say(`Enregistrement de ${batch.length} ligne${batch.length > 1 ? "s" : ""} en cours`, "wait");
    const address = form.dataset.rows + (batch.length === 1 ? `${batch[0].dataset.row}/` : "");
    try {
      const answer = await fetch(address, { method: "POST", body, redirect: "manual", credentials: "same-origin" });
      await settle(answer, batch);
    } catch {
      again(batch, "Le réseau ne répond pas\u00a0: rien n’est perdu, nouvel essai dans un instant. Ne fermez pas cette page.");
    }
    flying = false;
    if (waiting().length && !timer && !halted) save();
  };

  const again = (batch, message) => {
    batch.forEach((row) => changed.add(row));
    say(message, "bad");
    timer = setTimeout(() => { timer = 0; save(); }, RETRY[Math.min(attempt++, RETRY.length - 1)]);
  };

  /* Trying again would change nothing: the filing is closed, or the right to type was taken away. */
  const halt = (batch, message) => {
    halted = true;
    batch.forEach((row) => changed.add(row));
    say(message, "bad");
  };

  const settle = async (answer, batch) => {
    if (answer.type === "opaqueredirect" || answer.status === 403) return renew(answer, batch);
    const text = await answer.text();
    if (![200, 409, 422].includes(answer.status)) {
      return again(batch, "Le serveur n’a pas pu enregistrer\u00a0: nouvel essai dans un instant.");
    }
    if (!text.trimStart().startsWith("<table")) {
      return halt(batch, text);
    }
    attempt = 0;
    renewed = false;
    const page = new DOMParser().parseFromString(text, "text/html");
    page.querySelectorAll("tr[data-row]").forEach(merge);
    return tell(page.querySelector("table").dataset.said);
  };

  /* The session ended, or the token was renewed by a new sign-in: ask the page for the present one. */
  const renew = async (answer, batch) => {
    const page = await fetch(form.action, { redirect: "manual", credentials: "same-origin" });
    if (page.ok) {
      const fresh = new DOMParser().parseFromString(await page.text(), "text/html").getElementById("saisie");
      const token = fresh && fresh.csrfmiddlewaretoken.value;
      if (token && !renewed) {
        form.csrfmiddlewaretoken.value = token;
        renewed = true;
        batch.forEach((row) => changed.add(row));
        timer = setTimeout(() => { timer = 0; save(); }, 0);
        return;
      }
      halt(batch, "Le serveur refuse cet enregistrement\u00a0: vous n’avez plus le droit de saisir ici.");
      return;
    }
    again(batch, "Votre session a expiré\u00a0: reconnectez-vous dans un autre onglet, l’enregistrement reprendra ici. Rien n’est perdu.");
  };

  const tell = (said) => {
    const refused = rows().filter((row) => !isReadable(row)).length;
    const stale = rows().filter((row) => row.dataset.state === "stale").length;
    if (stale) say(`${stale} ligne${stale > 1 ? "s" : ""} modifiée${stale > 1 ? "s" : ""} entre-temps par une autre personne\u00a0: choisissez la valeur à garder.`, "bad");
    else if (refused) say(`${refused} ligne${refused > 1 ? "s" : ""} non enregistrée${refused > 1 ? "s" : ""}\u00a0: corrigez les cases signalées.`, "bad");
    else if (said) say(said, "good");
  };

  /* Takes from the server's row what it alone knows, and leaves what was typed since the request left. */
  const merge = (fresh) => {
    const row = document.getElementById(fresh.id);
    const values = sent.get(row) || new Map();
    const revision = `[name="r${fresh.dataset.row}"]`;
    if (fresh.querySelector(revision)) row.querySelector(revision).value = fresh.querySelector(revision).value;
    row.dataset.state = fresh.dataset.state;
    for (const cell of cellsOf(row)) {
      const other = fresh.querySelector(`[id="${cell.id}"]`);
      if (!other || (values.has(cell.name) && values.get(cell.name) !== cell.value)) continue;
      cell.value = other.value;
      const error = fresh.querySelector(`[id="${cell.getAttribute("aria-describedby")}"]`);
      showError(cell, error ? error.textContent : "");
    }
    const checks = fresh.ownerDocument.getElementById(`v${fresh.dataset.row}`);
    document.getElementById(checks.id).replaceWith(checks);
    if (fresh.dataset.state === "saved" && !changed.has(row)) delete row.dataset.pending;
    showTotals();
  };

  // --- Typing ---

  const put = (changes) => {
    for (const [cell, value] of changes) {
      cell.value = value;
      tidy(cell);
      touch(cell);
    }
  };
  const remember = (changes) => {
    undone.push(changes);
    if (undone.length > 100) undone.shift();
  };
  let before = "";

  const go = (cell) => {
    if (!cell) return false;
    cell.focus();
    if (cell.select) cell.select();
    return true;
  };
  const beside = (cell, step) => {
    const all = cellsOf(rowOf(cell));
    return all[all.indexOf(cell) + step];
  };
  const below = (cell, step) => {
    const all = rows();
    for (let rank = all.indexOf(rowOf(cell)) + step; all[rank]; rank += step) {
      const found = at(all[rank], field(cell));
      if (found) return found;
    }
    return null;
  };

  const commit = (cell) => {
    if (cell.value === before) return;
    remember([[cell, before]]);
    tidy(cell);
    before = cell.value;
    touch(cell);
  };

  const undo = () => {
    const last = undone.pop();
    if (!last) return say("Rien à annuler.", "");
    put(last);
    before = document.activeElement.value;
    return save();
  };

  table.addEventListener("focusin", (event) => {
    if (event.target.dataset.rank) before = event.target.value;
  });
  table.addEventListener("keydown", (event) => {
    const cell = event.target;
    if (!cell.dataset.rank) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
      if (cell.value !== before) return;
      event.preventDefault();
      undo();
      return;
    }
    if (!isBlock(cell) || event.ctrlKey || event.metaKey || event.altKey) return;
    const whole = cell.selectionEnd - cell.selectionStart === cell.value.length;
    const target = {
      ArrowUp: () => below(cell, -1),
      ArrowDown: () => below(cell, 1),
      Enter: () => below(cell, event.shiftKey ? -1 : 1),
      ArrowLeft: () => (whole || cell.selectionEnd === 0) && beside(cell, -1),
      ArrowRight: () => (whole || cell.selectionStart === cell.value.length) && beside(cell, 1),
      Escape: () => { cell.value = before; cell.select(); },
    }[event.key];
    if (!target) return;
    if (event.key === "Enter") { event.preventDefault(); commit(cell); }
    if (go(target())) event.preventDefault();
  });
  table.addEventListener("change", (event) => {
    if (event.target.dataset.rank) commit(event.target);
  });
  table.addEventListener("focusout", (event) => {
    if (event.target.dataset.rank && rowOf(event.target) !== (event.relatedTarget && rowOf(event.relatedTarget))) save();
  });

  // --- Blocks ---

  table.addEventListener("paste", (event) => {
    const cell = event.target;
    const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
    if (!cell.dataset.rank || !(isBlock(cell) ? /[\t\n]/ : /\t/).test(text)) return;
    event.preventDefault();
    const names = columns(), all = rows(), changes = [];
    const left = names.indexOf(field(cell)), top = all.indexOf(rowOf(cell));
    let outside = 0;
    text.split("\n").forEach((line, down) => line.split("\t").forEach((value, right) => {
      const target = at(all[top + down], names[left + right]);
      if (target) changes.push([target, value.trim()]);
      else if (value.trim()) outside += 1;
    }));
    remember(changes.map(([target]) => [target, target.value]));
    put(changes);
    before = cell.value;
    save().then(() => {
      if (outside) say(`${status.textContent} ${outside} valeur${outside > 1 ? "s" : ""} hors du tableau non collée${outside > 1 ? "s" : ""}.`, "bad");
    });
  });

  // --- The two answers to a conflict ---

  form.addEventListener("click", (event) => {
    const button = event.target.closest('button[name="garder"], button[name="prendre"]');
    if (!button) return;
    event.preventDefault();
    const row = document.getElementById(`ligne-${button.value}`);
    row.dataset.state = "";
    if (button.name === "garder") {
      changed.add(row);
      save([row]);
      return;
    }
    fetch(`${form.dataset.rows}${button.value}/?unite=${unit}`, { credentials: "same-origin" })
      .then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error())))
      .then((text) => {
        sent.delete(row);
        changed.delete(row);
        delete row.dataset.pending;
        merge(new DOMParser().parseFromString(text, "text/html").querySelector("tr[data-row]"));
        say("Valeur enregistrée reprise.", "good");
      })
      .catch(() => { row.dataset.state = "stale"; say("Le réseau ne répond pas\u00a0: réessayez.", "bad"); });
  });

  form.addEventListener("submit", () => { leaving = true; });
  let leaving = false;
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && (changed.size || flying)) event.preventDefault();
  });
  window.addEventListener("online", () => save());
  document.querySelectorAll(".grid-keys").forEach((place) => { place.hidden = false; });
  showTotals();
})();
