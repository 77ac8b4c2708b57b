// The custom functions: each sends its arguments to the server and turns the answer into cells.
// The server puts the list FORMULAS in front. Nothing here writes to a sheet.

const TOKEN = "xlalvh.token";
const PATIENCE = 90_000; // milliseconds; the server gives up sooner
const AT_ONCE = 64;

// Excel shows these itself; IFERROR and ISERROR see them.
function excelError(kind, message) {
  const codes = { Num: "invalidNumber", NotAvailable: "notAvailable", Div0: "divisionByZero", Null: "nullReference" };
  const code = CustomFunctions.ErrorCode[codes[kind] ?? "invalidValue"];
  return message ? new CustomFunctions.Error(code, message) : new CustomFunctions.Error(code);
}

function notAvailable(message) {
  return excelError("NotAvailable", message);
}

function token() {
  return localStorage.getItem(TOKEN);
}

let running = 0;
const waiting = [];

async function post(path, body) {
  if (running >= AT_ONCE) await new Promise((go) => waiting.push(go));
  else running += 1;
  try {
    return await send(path, JSON.stringify(body));
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

async function send(path, body, again = true) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE);
  try {
    const headers = { "Content-Type": "application/json", Authorization: `Bearer ${token()}` };
    const response = await fetch(path, { method: "POST", headers, body, signal: patience.signal });
    if (response.status === 503 && again) return await send(path, body, false);
    const answer = await response.json();
    if (!response.ok) throw notAvailable(answer.error);
    return answer;
  } catch (error) {
    if (error instanceof CustomFunctions.Error) throw error;
    throw notAvailable("the server does not answer; start it with xlalvh serve, then calculate again");
  } finally {
    clearTimeout(timer);
  }
}

async function call(name, args, invocation) {
  await Office.onReady();
  if (!token()) throw notAvailable("enter the server's token in the ALVH pane (Home tab)");
  const needs = FORMULAS[name];
  const body = { func_name: name, args };
  if (needs.dated) body.date_1904 = await countsFrom1904();
  if (needs.reference) body.cell = await cellAt(invocation.parameterAddresses?.[0]);
  const { result } = await post("call", body);
  return result.map((row) => row.map((cell) => (cell?.type === "Error" ? excelError(cell.errorType) : cell)));
}

async function countsFrom1904() {
  const context = new Excel.RequestContext();
  context.workbook.load("use1904DateSystem");
  await context.sync();
  return context.workbook.use1904DateSystem;
}

// A cell's formula and the values of its references, for ALVH_EXPLAIN.
async function cellAt(address) {
  if (!address) return null;
  const { sheet, area } = parted(address);
  const context = new Excel.RequestContext();
  const cell = context.workbook.worksheets.getItem(sheet).getRange(area);
  cell.load("formulas");
  await context.sync();
  const formula = String(cell.formulas[0][0]);
  const { references } = await post("references", { formula });
  const values = {};
  for (const reference of references) values[reference] = await valuesOf(reference, sheet);
  return { formula, values };
}

async function valuesOf(reference, home) {
  try {
    const context = new Excel.RequestContext();
    const { sheet, area } = parted(reference, home);
    const worksheet = context.workbook.worksheets.getItem(sheet);
    const names = [worksheet.names.getItemOrNullObject(area), context.workbook.names.getItemOrNullObject(area)];
    names.forEach((name) => name.load("isNullObject"));
    await context.sync();
    const name = names.find((one) => !one.isNullObject);
    const whole = name ? name.getRange() : spilled(worksheet, area);
    const range = whole.getIntersectionOrNullObject(whole.worksheet.getUsedRange());
    range.load("values");
    await context.sync();
    return range.isNullObject ? [[null]] : range.values;
  } catch {
    return [["#REF!"]];
  }
}

function spilled(worksheet, area) {
  return area.endsWith("#")
    ? worksheet.getRange(area.slice(0, -1)).getSpillingToRange()
    : worksheet.getRange(area.replaceAll("$", ""));
}

// 'My sheet'!A1 in its two parts; `home` is the sheet where none is named.
function parted(reference, home) {
  const mark = reference.lastIndexOf("!");
  if (mark < 0) return { sheet: home, area: reference };
  const sheet = reference.slice(0, mark).replace(/^'|'$/g, "").replaceAll("''", "'");
  return { sheet, area: reference.slice(mark + 1) };
}

for (const name of Object.keys(FORMULAS)) {
  CustomFunctions.associate(name, (...given) => {
    const invocation = given.pop();
    return call(name, given, invocation);
  });
}
