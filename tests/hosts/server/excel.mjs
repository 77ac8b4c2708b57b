// What the add-in's page finds in Excel, as little of it as the page uses: Office, CustomFunctions, a workbook.
// Reads {address, token, date1904, sheets, names, calls, form} from standard input; answers on standard output.
import { readFileSync } from "node:fs";
import { runInThisContext } from "node:vm";

const given = JSON.parse(readFileSync(0, "utf8"));
const functions = {};
const done = { results: [], calculated: 0 };

class ExcelError extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

class Range {
  constructor(sheet, area) {
    Object.assign(this, { worksheet: sheet, area, isNullObject: false });
  }
  load() {}
  getSpillingToRange() {
    return new Range(this.worksheet, `${this.area}#`);
  }
  getIntersectionOrNullObject() {
    return this;
  }
  get values() {
    const cells = this.worksheet.cells[this.area];
    if (cells === undefined) throw new Error(`nothing at ${this.area}`);
    return cells.values;
  }
  get formulas() {
    return [[this.worksheet.cells[this.area].formula]];
  }
}

function named(names, workbook) {
  return {
    getItemOrNullObject(name) {
      const place = names[name];
      return {
        isNullObject: place === undefined,
        load() {},
        getRange: () => new Range(workbook.worksheets.getItem(place[0]), place[1]),
      };
    },
  };
}

class RequestContext {
  constructor() {
    const workbook = {
      load() {},
      use1904DateSystem: given.date1904 ?? false,
      worksheets: {
        getItem(name) {
          const sheet = { cells: given.sheets[name], names: named({}, workbook), getUsedRange() {} };
          sheet.getRange = (area) => new Range(sheet, area);
          return sheet;
        },
      },
      application: { calculate: (kind) => (done.calculated += kind === "Full" ? 1 : 0) },
    };
    workbook.names = named(given.names ?? {}, workbook);
    this.workbook = workbook;
  }
  async sync() {}
}

const kept = new Map(given.token ? [["xlalvh.token", given.token]] : []);
const elements = {};
const element = (id) => (elements[id] ??= { addEventListener: (_, act) => (elements[id].act = act), value: "" });
const network = globalThis.fetch;
Object.assign(globalThis, {
  Office: { onReady: async () => ({}) },
  CustomFunctions: {
    Error: ExcelError,
    ErrorCode: {
      invalidValue: "#VALUE!", notAvailable: "#N/A", divisionByZero: "#DIV/0!", invalidNumber: "#NUM!", nullReference: "#NULL!",
    },
    associate: (name, act) => (functions[name] = act),
  },
  Excel: { RequestContext, CalculationType: { full: "Full" } },
  localStorage: { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) },
  fetch: (path, options) => network(new URL(path, given.fetchFrom ?? given.address), options),
  location: { origin: given.address },
  document: { getElementById: element },
});

const error = (found) => ({ error: found.code ?? "fault", message: found.message });
for (const file of ["functions.js", "taskpane.js"]) {
  runInThisContext(await (await network(new URL(file, given.address))).text(), file);
}
done.names = Object.keys(functions);
done.results = await Promise.all(
  (given.calls ?? []).map(async ({ name, args, address }) => {
    try {
      const rows = await functions[name](...args, { parameterAddresses: address ? [address] : undefined });
      return rows.map((row) => row.map((cell) => (cell instanceof ExcelError ? error(cell) : cell)));
    } catch (found) {
      return error(found);
    }
  }),
);
if (given.form !== undefined) {
  element("token").value = given.form;
  await element("form").act({ preventDefault() {} });
  done.told = element("status").textContent;
}
process.stdout.write(JSON.stringify(done));
