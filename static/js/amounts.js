// Amounts as they are typed: "2000 + 800 USD", with a rate of one's own "800 USD @7.1".
const ONE = /^(\S+?)\s*([A-Za-z]{3})?(?:\s*@\s*(\S+))?$/;

function amountOf(text) {
  const [, amount, currency, rate] = ONE.exec(text) ?? [undefined, text];
  if (!currency) return amount.replaceAll(",", "");
  return { amount: amount.replaceAll(",", ""), currency: currency.toUpperCase(), ...(rate ? { rate } : {}) };
}

export function readAmounts(text) {
  const typed = text.normalize("NFKC").split("+").map((each) => each.trim()).filter(Boolean);
  return typed.length ? typed.map(amountOf) : undefined;
}

export function writeAmounts(amounts) {
  const written = (each) => (typeof each === "object" ? `${each.amount} ${each.currency}${each.rate ? ` @${each.rate}` : ""}` : each);
  return (amounts ?? []).map(written).join(" + ");
}

// What the fields of an item give: amounts by part and side; a part without any is left out.
export function partsOf(fields) {
  const parts = {};
  for (const field of fields) {
    const amounts = readAmounts(field.value);
    const [part, side] = field.dataset.amounts.split("/");
    if (amounts) (parts[part] ??= {})[side] = amounts;
  }
  return Object.keys(parts).length ? { parts } : null;
}
