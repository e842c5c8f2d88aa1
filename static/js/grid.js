/* Entry grids (templates/components/grid): arrows, Enter, blocks, undo, totals, save by row.
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
  const RETRY = [2000, 5000, 15000, 30000], PATIENCE = 20000;
  const count = (many, word) => `${many} ${word}${many > 1 ? "s" : ""}`;
  const parse = (text) => new DOMParser().parseFromString(text, "text/html");

  // --- The table ---

  const rows = () => [...table.querySelectorAll("tr[data-writable]")];
  /* A block covers the lines as they are seen, those that one only reads among them. */
  const lines = () => [...table.querySelectorAll("tr[data-state]")];
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

  // --- Totals, in cents ---

  const cents = (euros) => (euros ? BigInt(euros.replace(".", "")) : null);
  const centsIn = (cell) => (cell && cell.dataset.kind === "amount" ? cents(read(cell).value) : null);
  const sumOf = (cells, sum) => cells.map(centsIn).reduce((all, one) => (one === null ? all : (all || 0n) + one), sum);
  const amount = (sum) => {
    if (sum === null) return "n.\u00a0r.";
    const scale = unit === "keur" ? 5 : 2;
    const digits = String(sum < 0n ? -sum : sum).padStart(scale + 1, "0");
    const kept = Math.max(2, digits.slice(-scale).replace(/0+$/, "").length);
    return format(`${sum < 0n ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`, kept === 3 ? 4 : kept);
  };
  const showTotals = () => {
    for (const foot of table.querySelectorAll("[data-total]")) {
      const name = foot.dataset.total, counted = rows().filter((row) => !("uncounted" in row.dataset));
      const sum = sumOf(counted.map((row) => at(row, name)), cents(foot.dataset.fixed));
      foot.textContent = amount(sum);
      const rest = table.querySelector(`[data-rest="${name}"]`);
      if (!rest) continue;
      const left = cents(rest.dataset.planned) - (sum || 0n);
      rest.textContent = left < 0n ? `dépassement\u00a0: ${amount(-left)}` : amount(left);
    }
  };

  // --- The status line says only what is true ---

  const AGAIN = "Nouvel essai automatique\u00a0: gardez cette page ouverte.";
  const TROUBLE = {
    network: ["Le réseau ne répond pas", AGAIN],
    server: ["Le serveur n’a pas pu enregistrer", AGAIN],
    session: ["Votre session a expiré", "Reconnectez-vous\u00a0: l’enregistrement reprendra ici."],
    person: ["Une autre personne est connectée", "Reconnectez-vous sous votre nom\u00a0: l’enregistrement reprendra ici."],
  };
  const changed = new Set();
  let flight = null, flying = false, running = null, trouble = "", halted = "";
  let renewed = false, attempt = 0, timer = 0, said = "", before = "";

  const say = (text, tone, mustSign) => {
    if (status.dataset.text === text) return;
    Object.assign(status.dataset, { text, tone });
    status.textContent = text;
    if (!mustSign) return;
    const link = document.createElement("a");
    Object.assign(link, { href: form.dataset.login, target: "_blank", rel: "noopener", className: "fr-link" });
    link.textContent = "Se connecter (nouvel onglet)";
    status.append(" ", link);
  };
  const isReadable = (row) => cellsOf(row).every((cell) => !read(cell).error);
  const isRefused = (row) => Boolean(row.querySelector("[aria-invalid]"));
  const isStale = (row) => row.dataset.state === "stale";
  const typing = () => {
    const cell = document.activeElement;
    return table.contains(cell) && cell.dataset.rank && cell.value !== before ? [rowOf(cell)] : [];
  };
  const unsaved = () => {
    const all = new Set([...changed, ...(flight ? flight.batch : []), ...typing()]);
    return [...all].filter((row) => !isRefused(row) && !isStale(row));
  };
  const not = (many) => `${count(many, "ligne")} non enregistrée${many > 1 ? "s" : ""}`;

  const tell = () => {
    const left = unsaved().length, refused = rows().filter(isRefused).length, stale = rows().filter(isStale).length;
    const bad = [];
    if (halted) bad.push(`${halted} ${not(left)}.`);
    else if (trouble && left) bad.push(`${TROUBLE[trouble][0]}\u00a0: ${not(left)}. ${TROUBLE[trouble][1]}`);
    if (stale) bad.push(`${count(stale, "ligne")} modifiée${stale > 1 ? "s" : ""} entre-temps par une autre personne\u00a0: choisissez la valeur à garder.`);
    if (refused) bad.push(`${not(refused)}\u00a0: corrigez les cases signalées.`);
    if (bad.length) say(bad.join(" "), "bad", trouble === "session" || trouble === "person");
    else if (flying) say(`Enregistrement de ${count(flight.batch.length, "ligne")} en cours`, "wait");
    else if (left) say(`${count(left, "ligne")} à enregistrer`, "wait");
    else say(said, "good");
  };

  // --- Saving: one request in flight, by row or by block; what was not answered is sent again as it was ---

  const touch = (cell) => {
    const row = rowOf(cell);
    row.dataset.pending = "";
    changed.add(row);
  };
  const pack = () => {
    const batch = [...changed].filter((row) => isReadable(row) && !isStale(row));
    if (!batch.length) return null;
    const body = new URLSearchParams({ unite: unit, csrfmiddlewaretoken: "" }), sent = new Map();
    for (const row of batch) {
      const values = cellsOf(row).map((cell) => [cell.name, cell.value]);
      values.push([`r${row.dataset.row}`, row.querySelector(`[name="r${row.dataset.row}"]`).value]);
      values.forEach(([name, value]) => body.append(name, value));
      sent.set(row, new Map(values));
      changed.delete(row);
    }
    return { batch, body, sent };
  };
  const fail = (why) => {
    trouble = why;
    renewed = false;
    clearTimeout(timer);
    timer = setTimeout(save, RETRY[Math.min(attempt++, RETRY.length - 1)]);
  };
  const ask = (address, options) => fetch(address, {
    redirect: "manual", credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE), ...options,
  });

  const send = async () => {
    const { batch, body, sent } = flight;
    body.set("csrfmiddlewaretoken", form.csrfmiddlewaretoken.value);
    const address = form.dataset.rows + (batch.length === 1 ? `${batch[0].dataset.row}/` : "");
    const answer = await ask(address, { method: "POST", body });
    if (answer.type === "opaqueredirect" || [401, 403].includes(answer.status)) return renew();
    if (answer.status >= 500 || answer.status === 429) return fail("server");
    const text = await answer.text();
    if (!text.trimStart().startsWith("<table")) {
      /* Trying again would change nothing: the filing is closed, or no longer theirs. */
      halted = answer.headers.get("content-type").startsWith("text/plain") ? text : "Le serveur refuse cet enregistrement.";
      return undefined;
    }
    const page = parse(text);
    flight = null;
    attempt = 0;
    trouble = "";
    renewed = false;
    page.querySelectorAll("tr[data-row]").forEach((fresh) => merge(fresh, sent));
    mergeWhole(page);
    said = page.querySelector("table").dataset.said || said;
    return undefined;
  };

  /* The session ended, or the token was renewed by a new sign-in: ask the page for the present one. */
  const renew = async () => {
    const page = await ask(form.action);
    if (page.type === "opaqueredirect" || page.status === 401) return fail("session");
    if (page.status >= 500) return fail("server");
    const fresh = parse(await page.text()).getElementById("saisie");
    if (fresh && fresh.dataset.person !== form.dataset.person) return fail("person");
    if (!fresh || renewed) {
      halted = "Vous n’avez plus le droit de saisir ici.";
      return undefined;
    }
    form.csrfmiddlewaretoken.value = fresh.csrfmiddlewaretoken.value;
    renewed = true;
    return send();
  };

  const run = async () => {
    clearTimeout(timer);
    while (!halted && (flight = flight || pack())) {
      flying = true;
      tell();
      await send().catch(() => fail("network"));
      flying = false;
      if (flight) break;
    }
    tell();
  };
  const save = () => {
    running = running || run().finally(() => { running = null; });
    return running;
  };

  /* The count of this section in the stepper: of what the server holds, not of what is typed. */
  const showStep = () => {
    const asked = table.querySelectorAll("tr[data-filled]").length, step = document.getElementById("etape");
    if (!asked || !step) return;
    const done = table.querySelectorAll('tr[data-filled="1"]').length;
    step.textContent = done < asked ? `${done} sur ${asked}` : "complet";
    step.classList.toggle("mute", done < asked);
  };

  /* The answer is of some rows, which may have fewer columns than the table. */
  const stand = (shown, fresh) => {
    fresh.cells[0].colSpan = shown.cells[0].colSpan;
    shown.replaceWith(fresh);
  };

  /* What the rules say of all the rows together, and how many are filled. */
  const mergeWhole = (page) => {
    showStep();
    const shown = document.getElementById("v-total"), fresh = page.getElementById("v-total");
    if (shown && fresh) stand(shown, fresh);
  };

  /* Takes from the server's row what it alone knows, and leaves what was typed since the request left. */
  const merge = (fresh, sent) => {
    const row = document.getElementById(fresh.id), values = sent && sent.get(row);
    const revision = fresh.querySelector(`[name="r${fresh.dataset.row}"]`);
    if (revision) row.querySelector(`[name="${revision.name}"]`).value = revision.value;
    row.dataset.state = fresh.dataset.state;
    if (fresh.dataset.filled) row.dataset.filled = fresh.dataset.filled;
    for (const cell of cellsOf(row)) {
      const other = fresh.querySelector(`[id="${cell.id}"]`);
      if (!other || (values && values.get(cell.name) !== cell.value)) continue;
      if (cell.value !== other.value) cell.value = other.value;
      if (cell === document.activeElement) before = cell.value;
      const error = fresh.querySelector(`[id="${cell.getAttribute("aria-describedby")}"]`);
      showError(cell, error ? error.textContent : "");
    }
    const checks = fresh.ownerDocument.getElementById(`v${fresh.dataset.row}`);
    stand(document.getElementById(checks.id), checks);
    if (!["stale", "refused"].includes(fresh.dataset.state) && !changed.has(row)) delete row.dataset.pending;
    showTotals();
  };

  // --- Typing, and going back over it ---

  const undone = [], redone = [];
  const put = (changes) => {
    for (const [cell, value] of changes) {
      cell.value = value;
      tidy(cell);
      touch(cell);
      if (cell === document.activeElement) before = cell.value;
    }
    showTotals();
  };
  const remember = (changes) => {
    undone.push(changes);
    redone.length = 0;
    if (undone.length > 100) undone.shift();
  };
  const change = (changes) => {
    remember(changes.map(([cell]) => [cell, cell.value]));
    put(changes);
    return save();
  };
  const back = (from, to, done) => {
    const last = from.pop();
    if (!last) return note("Rien de plus à reprendre.");
    to.push(last.map(([cell]) => [cell, cell.value]));
    put(last);
    go(last[0][0]);
    note(`${count(last.length, "case")} ${done}${last.length > 1 ? "s" : ""}.`);
    return save();
  };
  const undo = () => back(undone, redone, "annulée");
  const redo = () => back(redone, undone, "rétablie");
  const commit = (cell) => {
    if (cell.value === before) return;
    remember([[cell, before]]);
    put([[cell, cell.value]]);
    before = cell.value;
    tell();
  };

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

  // --- A block: from the cell in use to another corner ---

  const notes = document.getElementById("selection");
  let block = [], corner = null;
  const note = (text, tone = "") => {
    notes.textContent = text;
    notes.dataset.tone = tone;
  };
  const inBlock = () => block.flat().filter(Boolean);
  const unpick = () => {
    if (!block.length) return;
    inBlock().forEach((cell) => cell.removeAttribute("data-picked"));
    block = [];
    corner = null;
    note("");
  };
  const pick = (from, to) => {
    unpick();
    if (from === to) return;
    const all = lines(), names = columns(), order = (one, other) => one - other;
    const [top, bottom] = [from, to].map((cell) => all.indexOf(rowOf(cell))).sort(order);
    const [left, right] = [from, to].map((cell) => names.indexOf(field(cell))).sort(order);
    corner = to;
    block = all.slice(top, bottom + 1).map((row) => names.slice(left, right + 1).map((name) => at(row, name)));
    inBlock().forEach((cell) => { cell.dataset.picked = ""; });
    const sum = sumOf(inBlock(), null);
    const sums = sum === null ? "" : `, somme ${amount(sum)}\u00a0${unit === "keur" ? "k€" : "€"}`;
    note(`${count(block.length, "ligne")} × ${count(right - left + 1, "colonne")}${sums}\u00a0: Ctrl + C copie, Suppr vide.`);
    to.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  /* As a workbook reads them: no thousands separator, an ordinary minus, texts of several lines between quotes. */
  const plain = (cell) => {
    if (!cell) return "";
    if (isBlock(cell)) return cell.value.trim().replace(/[ \u00a0\u202f\u2009]/g, "").replace("\u2212", "-");
    const text = cell.options ? (cell.value && cell.selectedOptions[0].textContent) : cell.value;
    return /[\t\n"]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  };
  const copy = (event) => {
    const cells = inBlock();
    if (!cells.length || !event.target.dataset.rank) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", block.map((line) => line.map(plain).join("\t")).join("\r\n"));
    if (event.type === "cut") change(cells.map((cell) => [cell, ""]));
    note(`${count(cells.length, "case")} copiée${cells.length > 1 ? "s" : ""}.`);
  };
  const linesOf = (text) => {
    const found = [[]], PIECE = /(?:"((?:[^"]|"")*)"|([^\t\n]*))(\t|\n|$)/y;
    for (let piece; (piece = PIECE.exec(text));) {
      found[found.length - 1].push(piece[1] === undefined ? piece[2] : piece[1].replace(/""/g, '"'));
      if (piece[3] === "\n") found.push([]);
      if (!piece[3]) break;
    }
    return found;
  };
  /* What a list takes for a text; null when it does not have it. */
  const listed = (cell, text) => {
    if (!cell.options || !text) return text;
    const asked = text.toLowerCase();
    const option = [...cell.options].find((one) => one.value === text || one.textContent.trim().toLowerCase() === asked);
    return option ? option.value : null;
  };
  /* All of the block or nothing: a half-pasted one would not be seen. */
  const paste = (event) => {
    const cell = event.target;
    const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
    if (!cell.dataset.rank || !(isBlock(cell) ? /[\t\n]/ : /\t/).test(text)) return;
    event.preventDefault();
    const sent = linesOf(text), names = columns(), all = lines(), changes = [], lost = [];
    const left = names.indexOf(field(cell)), top = all.indexOf(rowOf(cell));
    sent.forEach((line, down) => line.forEach((one, right) => {
      const target = at(all[top + down], names[left + right]), value = target ? listed(target, one.trim()) : null;
      if (value !== null) changes.push([target, value]);
      else if (one.trim()) lost.push(one.trim());
    }));
    unpick();
    if (!lost.length) {
      note("");
      change(changes);
      return;
    }
    const wide = Math.max(...sent.map((line) => line.length)), many = lost.length > 1;
    note(`Rien n’est collé\u00a0: dans ce bloc de ${count(sent.length, "ligne")} × ${count(wide, "colonne")}, ${count(lost.length, "valeur")} n’${many ? "ont" : "a"} pas de case où écrire à partir d’ici (${many ? "la première" : "elle"}\u00a0: «\u00a0${lost[0].slice(0, 40)}\u00a0»).`, "bad");
  };

  table.addEventListener("copy", copy);
  table.addEventListener("cut", copy);
  table.addEventListener("paste", paste);
  table.addEventListener("mousedown", (event) => {
    const from = document.activeElement, to = event.target.closest("[data-rank]");
    if (!event.shiftKey || !to || !table.contains(from) || !from.dataset.rank || from === to) { unpick(); return; }
    event.preventDefault();
    pick(from, to);
  });

  // --- Keys ---

  const extend = (event, cell, whole) => {
    const from = corner || cell;
    const to = {
      ArrowUp: () => below(from, -1),
      ArrowDown: () => below(from, 1),
      ArrowLeft: () => (corner || whole) && beside(from, -1),
      ArrowRight: () => (corner || whole) && beside(from, 1),
    }[event.key]();
    if (corner || to) event.preventDefault();
    if (to) pick(cell, to);
  };
  const move = (event, cell, whole) => {
    const target = {
      ArrowUp: () => below(cell, -1),
      ArrowDown: () => below(cell, 1),
      Enter: () => below(cell, event.shiftKey ? -1 : 1),
      ArrowLeft: () => (whole || cell.selectionEnd === 0) && beside(cell, -1),
      ArrowRight: () => (whole || cell.selectionStart === cell.value.length) && beside(cell, 1),
      Escape: () => { cell.value = before; cell.select(); tell(); },
    }[event.key];
    if (!target) return;
    if (event.key === "Enter") { event.preventDefault(); commit(cell); }
    if (go(target())) event.preventDefault();
    else if (event.key === "Enter") save();
  };

  table.addEventListener("focusin", (event) => {
    if (!event.target.dataset.rank) return;
    before = event.target.value;
    unpick();
  });
  table.addEventListener("keydown", (event) => {
    const cell = event.target, key = event.key.toLowerCase();
    if (!cell.dataset.rank || event.altKey) return;
    if (event.ctrlKey || event.metaKey) {
      if (!"zy".includes(key) || cell.value !== before) return;
      event.preventDefault();
      (key === "y" || event.shiftKey ? redo : undo)();
    } else if (block.length && ["Escape", "Delete", "Backspace"].includes(event.key)) {
      event.preventDefault();
      if (event.key !== "Escape") change(inBlock().map((one) => [one, ""]));
      unpick();
    } else if (isBlock(cell)) {
      const whole = cell.selectionEnd - cell.selectionStart === cell.value.length;
      (event.shiftKey && event.key.startsWith("Arrow") ? extend : move)(event, cell, whole);
    }
  });
  table.addEventListener("input", () => { unpick(); tell(); });
  table.addEventListener("change", (event) => {
    if (event.target.dataset.rank) commit(event.target);
  });
  table.addEventListener("focusout", (event) => {
    if (event.target.dataset.rank && rowOf(event.target) !== (event.relatedTarget && rowOf(event.relatedTarget))) save();
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
      save();
      return;
    }
    ask(`${form.dataset.rows}${button.value}/?unite=${unit}`)
      .then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error())))
      .then((text) => {
        const page = parse(text);
        changed.delete(row);
        said = "Valeur enregistrée reprise.";
        merge(page.querySelector("tr[data-row]"));
        mergeWhole(page);
        tell();
      })
      .catch(() => { row.dataset.state = "stale"; note("Le réseau ne répond pas\u00a0: réessayez."); });
  });

  // --- Leaving: the buttons of the form save first, and go only when everything is held ---

  let leaving = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { name = "", value = "" } = event.submitter || {};
    await save();
    const isHeld = !halted && !table.querySelector("tr[data-pending]");
    if (!isHeld || !["reprendre", "afficher"].includes(name)) {
      if (isHeld && !said) said = "Tout est enregistré.";
      tell();
      return;
    }
    leaving = true;
    const asked = document.createElement("input");
    Object.assign(asked, { type: "hidden", name, value });
    form.append(asked);
    form.submit();
  });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && (flying || typing().length || table.querySelector("tr[data-pending]"))) event.preventDefault();
  });
  const resume = () => { if (trouble && document.visibilityState === "visible") save(); };
  window.addEventListener("online", resume);
  window.addEventListener("focus", resume);
  document.addEventListener("visibilitychange", resume);

  document.getElementById("annuler").addEventListener("click", undo);
  document.querySelectorAll(".grid-keys, #annuler").forEach((one) => { one.hidden = false; });
  showTotals();
})();
