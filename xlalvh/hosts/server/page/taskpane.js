// The pane: keeps the token, tries it, then lets Excel calculate everything again.
"use strict";

const told = document.getElementById("status");
document.getElementById("server").textContent = location.origin;

async function connect() {
  try {
    const { result } = await post("call", { func_name: "ALVH_VERSION", args: [] });
    told.textContent = `Connected: ${result[0][0]}`;
    return true;
  } catch (error) {
    told.textContent = `Not connected: ${error.message}.`;
    return false;
  }
}

document.getElementById("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  localStorage.setItem(TOKEN, document.getElementById("token").value.trim());
  if (await connect()) {
    const context = new Excel.RequestContext();
    context.workbook.application.calculate(Excel.CalculationType.full);
    await context.sync();
  }
});

Office.onReady().then(() => (token() ? connect() : undefined));
