/* The mirror of figures/numbers.py: every text is read right or refused, never misread.
 * Exact: strings and BigInt, no floating point. Both readers are held to figures/number_cases.json.
 *
 *   parseNumber(text)                → "1234.5" | null (blank, not reported)
 *   parseAmount(text, "eur"|"keur"|"meur") → euros with two decimals, "1234.50" | null
 *   parseRate(text)                  → percentage points, "48.2" | null
 *   format(value, decimals = 2)      → "1 234,50" (U+202F, U+2212); "" for null
 *
 * A refused text throws NumberError { kind: "ambiguous"|"unreadable", message, readings, writings }.
 */
"use strict";
(() => {
  const SPACES = " \u00a0\u202f\u2009";
  const S = `[${SPACES}]`;
  const UNIT = `(?:%|(?:(?:Mds?|[kKMm])${S}?)?(?:€|[eE][uU][rR](?:[oO][sS]?)?))`;
  const WHOLE_TEXT = new RegExp(
    `^(?<open>\\(${S}*)?(?<sign>[-\u2212\u2013+])?${S}*(?<body>[0-9](?:[0-9.,${SPACES}]*[0-9])?)?(?<after>[-\u2212])?` +
      `${S}*(?<unit>${UNIT})?(?<close>${S}*\\))?${S}*(?<outerUnit>${UNIT})?$`,
  );
  const PLAIN = /^(?<whole>[0-9]+)(?:(?<mark>[.,])(?<decimals>[0-9]+))?$/;
  const SPACED = new RegExp(`^(?<whole>[0-9]{1,3}(?:${S}[0-9]{3})+)(?:(?<mark>[.,])(?<decimals>[0-9]+))?$`);
  const MARKED = [
    /^(?<whole>[0-9]{1,3}(?:\.[0-9]{3})+)(?<mark>,)(?<decimals>[0-9]+)$/,
    /^(?<whole>[0-9]{1,3}(?:,[0-9]{3})+)(?<mark>\.)(?<decimals>[0-9]+)$/,
    /^(?<whole>[0-9]{1,3}(?:\.[0-9]{3}){2,})(?<mark>)(?<decimals>)$/,
    /^(?<whole>[0-9]{1,3}(?:,[0-9]{3}){2,})(?<mark>)(?<decimals>)$/,
  ];
  const EDGES = new RegExp(`^[${SPACES}\\t\\r\\n]+|[${SPACES}\\t\\r\\n]+$`, "g");
  const SEPARATORS = new RegExp(`[.,${SPACES}]`, "g");
  const NOT_REPORTED = new RegExp(`^n\\.${S}?r\\.$`);
  const CURRENCY = new RegExp(`${S}|€|[eE][uU][rR](?:[oO][sS]?)?$`, "g");
  const POWER_OF_UNIT = { eur: 0, keur: 3, meur: 6 };
  const POWER_OF_PREFIX = { "": 0, k: 3, K: 3, M: 6, Md: 9, Mds: 9 };
  const MAX_LENGTH = 60, MAX_WHOLE_DIGITS = 15, MAX_DECIMALS = 10, MAX_AMOUNT_DIGITS = 12;

  class NumberError extends Error {
    constructor(kind, message, readings = [], writings = []) {
      super(unbroken(message));
      Object.assign(this, { name: "NumberError", kind, readings, writings });
    }
  }

  const unbroken = (message) =>
    message.replace(/« /g, "«\u00a0").replace(/ (?=[»:%])/g, "\u00a0");

  const refuse = (text, message) => {
    throw new NumberError(
      "unreadable",
      message || `« ${text} » n’est pas un nombre lisible : écrivez par exemple « 1\u202f234,56 ».`,
    );
  };

  /* A value is { negative, digits, scale }: digits without a mark, scale of them decimals; the decimals typed are kept. */
  const show = ({ negative, digits, scale }) => {
    const padded = digits.padStart(scale + 1, "0");
    const whole = padded.slice(0, padded.length - scale).replace(/^0+(?=[0-9])/, "");
    const decimals = scale ? `.${padded.slice(padded.length - scale)}` : "";
    return (negative && /[1-9]/.test(digits) ? "-" : "") + whole + decimals;
  };

  const times = ({ negative, digits, scale }, power) =>
    power > scale
      ? { negative, digits: digits + "0".repeat(power - scale), scale: 0 }
      : { negative, digits, scale: scale - power };

  const inCents = (value) => {
    const { negative, digits, scale } = value;
    if (scale <= 2) return show({ negative, digits: digits + "0".repeat(2 - scale), scale: 2 });
    const cut = scale - 2, padded = digits.padStart(scale + 1, "0");
    return /^0*$/.test(padded.slice(-cut)) ? show({ negative, digits: padded.slice(0, -cut), scale: 2 }) : null;
  };

  const grouped = (digits) => {
    const [whole, decimals] = digits.split(",");
    const spaced = BigInt(whole).toString().replace(/\B(?=([0-9]{3})+$)/g, "\u202f");
    return decimals === undefined ? spaced : `${spaced},${decimals}`;
  };

  const takeApart = (text) => {
    const stripped = String(text).replace(EDGES, "");
    if (!stripped || NOT_REPORTED.test(stripped)) return null;
    const match = stripped.length <= MAX_LENGTH && WHOLE_TEXT.exec(stripped);
    if (!match) refuse(stripped.slice(0, MAX_LENGTH));
    const { open, sign, body, after, unit, close, outerUnit } = match.groups;
    const signs = [open, sign, after].filter(Boolean), units = [unit, outerUnit].filter(Boolean);
    const isDash = !body && signs.length === 1 && sign && sign !== "+";
    if (Boolean(open) !== Boolean(close) || signs.length > 1 || units.length > 1) refuse(stripped);
    if (!body && !isDash) refuse(stripped);
    return { text: stripped, negative: signs.length > 0 && sign !== "+", body: body || "", unit: units[0] || "" };
  };

  const digitsOf = ({ text, body }) => {
    const pattern = [PLAIN, SPACED, ...MARKED].find((candidate) => candidate.test(body));
    if (!pattern) refuse(text);
    const groups = pattern.exec(body).groups;
    const whole = groups.whole.replace(SEPARATORS, ""), decimals = groups.decimals || "";
    if (whole.length > 1 && whole.startsWith("0"))
      refuse(text, `« ${text} » commence par un zéro : écrivez le nombre sans ce zéro.`);
    if (whole.length > MAX_WHOLE_DIGITS || decimals.length > MAX_DECIMALS) refuse(text, `« ${text} » a trop de chiffres.`);
    const couldGroup = decimals.length === 3 && whole !== "0";
    const doubt = (pattern === PLAIN && whole.length <= 3) || (pattern === SPACED && groups.mark === ".");
    return { whole, decimals, isAmbiguous: couldGroup && doubt };
  };

  const ambiguous = (text, readings, writings) => {
    throw new NumberError(
      "ambiguous", `« ${text} » est ambigu : écrivez « ${writings[0]} » ou « ${writings[1]} ».`, readings, writings);
  };

  const valueOf = (parts, power, isAmount = false) => {
    const { negative, body, text, unit } = parts;
    if (!body) return { negative: false, digits: "0", scale: 0 };
    const { whole, decimals, isAmbiguous } = digitsOf(parts);
    const value = times({ negative, digits: whole + decimals, scale: decimals.length }, power);
    if (!isAmbiguous) return value;
    const readings = [show(times({ negative, digits: whole + decimals, scale: 0 }, power)), show(value)];
    const suffix = unit ? `\u00a0${unit}` : "", sign = negative ? "\u2212" : "";
    const writings = [whole + decimals, `${whole},${decimals}0`].map((digits) => sign + grouped(digits) + suffix);
    if (isAmount && inCents(value) === null) {
      const advice = `écrivez « ${writings[0]} », ou un montant au centime près.`;
      const doubt = `${grouped(whole + decimals)} ou ${grouped(whole)},${decimals}`;
      throw new NumberError("ambiguous", `« ${text} » est ambigu, ${doubt} : ${advice}`, readings, writings.slice(0, 1));
    }
    return ambiguous(text, readings, writings);
  };

  const powerOf = (parts, column) => {
    if (!parts.unit) return POWER_OF_UNIT[column];
    const prefix = parts.unit.replace(CURRENCY, "");
    if (prefix !== "m") return POWER_OF_PREFIX[prefix];
    const sign = parts.negative ? "\u2212" : "";
    return ambiguous(
      parts.text,
      [3, 6].map((power) => show(valueOf(parts, power, true))),
      ["k€", "M€"].map((unit) => `${sign}${parts.body || 0}\u00a0${unit}`),
    );
  };

  const parseNumber = (text) => {
    const parts = takeApart(text);
    if (!parts) return null;
    if (parts.unit) refuse(parts.text, `« ${parts.text} » porte une unité : un nombre seul est attendu.`);
    return show(valueOf(parts, 0));
  };

  const parseAmount = (text, unit = "eur") => {
    const parts = takeApart(text);
    if (!parts) return null;
    if (parts.unit === "%") refuse(parts.text, `« ${parts.text} » est un pourcentage : un montant est attendu.`);
    const value = valueOf(parts, powerOf(parts, unit), true);
    if (show(value).split(".")[0].replace("-", "").length > MAX_AMOUNT_DIGITS)
      refuse(parts.text, `« ${parts.text} » dépasse 999 milliards d’euros : vérifiez l’unité.`);
    const cents = inCents(value);
    if (cents === null)
      refuse(parts.text, `« ${parts.text} » est plus fin que le centime : donnez deux décimales d’euro au plus.`);
    return cents;
  };

  const parseRate = (text) => {
    const parts = takeApart(text);
    if (!parts) return null;
    if (parts.unit && parts.unit !== "%") refuse(parts.text, `« ${parts.text} » est un montant : un taux en % est attendu.`);
    return show(valueOf(parts, 0));
  };

  /* Half up, once, away from zero; the same figures as figures/formats.py. */
  const format = (value, decimals = 2) => {
    if (value === null || value === undefined || value === "") return "";
    const [, sign, whole, fraction = ""] = /^(-?)([0-9]+)(?:\.([0-9]+))?$/.exec(String(value));
    const kept = fraction.slice(0, decimals).padEnd(decimals, "0");
    const scaled = BigInt(whole + kept) + (fraction[decimals] >= "5" ? 1n : 0n);
    const text = scaled.toString().padStart(decimals + 1, "0");
    const shown = decimals ? `${text.slice(0, -decimals)},${text.slice(-decimals)}` : text;
    return (sign && scaled ? "\u2212" : "") + grouped(shown);
  };

  const api = { parseNumber, parseAmount, parseRate, format, NumberError };
  if (typeof module === "object" && module.exports) module.exports = api;
  if (typeof window === "object") window.FtapNumbers = api;
})();
