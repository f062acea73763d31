import { expect, lookAround, test } from "./fixtures";
import { openFiles, openRepo } from "./steps";

const MODEL = "aurora-lab/polaris-base";

test("what was read before is shown with its age after a start without the Hub", async ({
  page,
  openHub,
  startHub,
}) => {
  const { hub } = await openHub();
  await lookAround(page);
  await openRepo(page, MODEL);
  await openFiles(page);
  await expect(page.getByText("From just now")).toBeHidden();
  await hub.stop();

  await page.reload();
  await expect(page.getByRole("heading", { name: MODEL })).toBeVisible();
  await expect(page.getByText(/^From (just now|\d)/).first()).toBeVisible();
  await expect(page.getByRole("contentinfo")).toContainText("Offline");

  await startHub("--port", new URL(hub.endpoint).port);
  await page.reload();
  await expect(page.getByRole("contentinfo")).toContainText("Online");
  await expect(page.getByText(/^From (just now|\d)/)).toHaveCount(0);
});

test("settings of the network are applied at once, and a test says what they do", async ({ page, openHub }) => {
  await openHub();
  await lookAround(page);
  await page.getByRole("link", { name: "Settings" }).click();
  const network = page.getByRole("region", { name: "Network" });
  await network.getByRole("button", { name: "Test connection" }).click();
  const hosts = network.getByRole("list", { name: "Hosts" }).getByRole("listitem");
  await expect(hosts).toContainText(["The Hub: Works", "Storage of large files: Works", "Xet storage: Not offered"]);

  const apply = network.getByRole("button", { name: "Apply" });
  await expect(apply).toBeDisabled();
  await network.getByLabel("This one").check();
  await network.getByLabel("Address of the proxy").fill("socks5://me:secret@proxy.example");
  await apply.click();
  await expect(network.getByRole("alert")).toContainText("That is not a proxy");
  await expect(network.getByRole("alert")).not.toContainText("secret");
  await network.getByLabel("Address of the proxy").fill("http://me:secret@proxy.example:3128");
  await apply.click();
  await expect(network.getByText("In force from now on")).toBeVisible();
  await expect(hosts).toHaveCount(0);
  await expect(network.getByLabel("Address of the proxy")).toHaveValue("http://proxy.example:3128");

  await network.getByLabel("Certificates to trust as well").fill("/nowhere/ca.pem");
  await apply.click();
  await expect(network.getByRole("alert")).toContainText("/nowhere/ca.pem");
});

test("somebody who is told to be offline is told so", async ({ page, openHub }) => {
  await openHub(() => ({ HF_HUB_OFFLINE: "1" }));
  await page.getByRole("button", { name: "Look around without signing in" }).click();
  await expect(page.getByText("HF_HUB_OFFLINE is set, so nothing is asked of the Hub. What was read")).toBeVisible();
  await expect(page.getByRole("contentinfo")).toContainText("Offline");
});
