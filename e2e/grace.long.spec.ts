import { callerProcesses, nodeProgram } from "./caller-programs";
import { endGraceIn, passHours } from "./database";
import { configureToken, expect, newInstance, test, tokenModule } from "./fixtures";
import { expectVerdict, preflight, program } from "./page-parts";

test("the end of the time: a script that goes on without the token is rejected from that moment on by time alone", async ({
  owner,
}) => {
  test.setTimeout(120_000);
  const { page } = owner;
  const url = await newInstance(page, "Night orders");
  const programs = callerProcesses();
  try {
    const script = programs.start(nodeProgram("old-script"), "127.0.0.1", `${url}/x`);
    for (let times = 0; times < 3; times++) await script.called();
    await configureToken(page);
    await expect(preflight(page).getByText("old-script").first()).toBeVisible({ timeout: 10_000 });
    await page.getByRole("button", { name: "Known callers only" }).click();
    await page.getByRole("button", { name: "Let only known callers in" }).click();
    await expect(tokenModule(page).getByText("Known callers only", { exact: true }).first()).toBeVisible();
    await script.called();
    expect([...new Set(script.answers())]).toEqual(["200"]);

    await endGraceIn(owner, 4);
    await script.called();
    expect([...new Set(script.answers())], "until then it gets in").toEqual(["200"]);
    await expect.poll(() => script.answers().at(-1), { timeout: 20_000 }).toBe("403");
    // The page says so by itself, and nothing it knew brings it back.
    await expect(tokenModule(page).getByText("Active", { exact: true })).toBeVisible({ timeout: 20_000 });
    await script.called();
    const answers = script.answers();
    expect(answers.lastIndexOf("200")).toBeLessThan(answers.indexOf("403"));
  } finally {
    programs.stopAll();
  }
});

test("a known caller that has sent the token for a day and an hour needs it from then on, while another still gets in", async ({
  owner,
}) => {
  test.setTimeout(120_000);
  const { page } = owner;
  const url = await newInstance(page, "Night orders");
  const [script, bot] = [program(url, "python-requests/2.32.0"), program(url, "n8n/1.80")];
  for (let times = 0; times < 4; times++) expect([await script.call(), await bot.call()]).toEqual([200, 200]);
  const token = await configureToken(page);
  await expect(preflight(page).getByText("python-requests").first()).toBeVisible({ timeout: 10_000 });
  await page.getByRole("button", { name: "Known callers only" }).click();
  await page.getByRole("button", { name: "Let only known callers in" }).click();
  const card = page.getByRole("region", { name: "Known callers" });
  await expect(card).toContainText("2 known callers still get in without the token");

  expect(await script.call(token)).toBe(200);
  await expectVerdict(page, "python-requests", "Ready");
  expect(await script.call(), "a token sent once binds nobody").toBe(200);
  await expect(async () => {
    expect(await script.call(token)).toBe(200);
    await passHours(owner, 26);
    expect(await script.call(token)).toBe(200);
    await expect(card).toContainText("Needs it: sends the token", { timeout: 8000 });
  }).toPass({ timeout: 60_000 });
  await expect(card).toContainText("1 known caller still gets in without the token");
  expect([await script.call(), await script.call(token), await bot.call()]).toEqual([403, 200, 200]);
  await page.reload();
  await expect(card, "and does not go back").toContainText("Needs it: sends the token");
});
