import { violationsOf } from "./accessible";
import { configureToken, expect, freshAddress, newInstance, test, tokenModule } from "./fixtures";
import { preflight } from "./page-parts";

test("known callers only: a stranger behind the same address is rejected at once, and the old script goes on", async ({
  owner,
}) => {
  const { page } = owner;
  const url = await newInstance(page, "Night orders");
  const address = freshAddress();
  const call = async (userAgent: string, token?: string) => {
    const headers = { "user-agent": userAgent, "x-forwarded-for": address };
    const answer = await fetch(`${url}/send-text`, {
      method: "POST",
      headers: token === undefined ? headers : { ...headers, "client-token": token },
      body: "{}",
    });
    return answer.ok ? 200 : `${answer.status} ${await answer.text()}`;
  };
  const script = (token?: string) => call("python-requests/2.32", token);
  const refused = '403 {"error":"null not allowed"}';
  for (let calls = 0; calls < 4; calls++) expect(await script()).toBe(200);

  const token = await configureToken(page);
  await expect(preflight(page).getByText("python-requests").first()).toBeVisible({ timeout: 10_000 });
  await page.getByRole("button", { name: "Known callers only" }).click();
  const dialog = page.getByRole("dialog", { name: "Let only known callers in?" });
  const known = dialog.getByRole("list", { name: "Known callers" });
  await expect(known.getByRole("checkbox")).toHaveCount(1);
  await expect(known).toContainText("python-requests");
  await expect(known).toContainText(address);
  await expect(known).toContainText("First seen today");
  await expect(known).toContainText("Called 4 times");
  await expect(dialog).toContainText("Of 4 requests of the last week, none would have been rejected.");
  await expect(dialog).toContainText("Somebody behind the same address who pretends to be the same program.");
  expect(await violationsOf(page)).toEqual([]);
  // Left out, it would be rejected: the number follows.
  await known.getByRole("checkbox").uncheck();
  await expect(dialog).toContainText("Of 4 requests of the last week, 4 would have been rejected.");
  await known.getByRole("checkbox").check();

  await dialog.getByRole("button", { name: "Let only known callers in" }).click();
  await expect(dialog).toBeHidden();
  expect(await call("curl/8.5.0"), "a stranger who has the URL").toBe(refused);
  expect(await script(), "the old script").toBe(200);
  expect(await call("curl/8.5.0", token), "whoever sends the token").toBe(200);
  await expect(tokenModule(page).getByText("Known callers only", { exact: true })).toBeVisible();

  const card = page.getByRole("region", { name: "Known callers" });
  await expect(card).toContainText("1 known caller still gets in without the token");
  expect(await violationsOf(page)).toEqual([]);
  await card.getByRole("button", { name: "End now for python-requests" }).click();
  await expect(card).toContainText("Needs it: ended by hand");
  expect(await script()).toBe(refused);
  expect(await script(token)).toBe(200);
});
