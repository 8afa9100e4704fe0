import { describe, expect, test } from "vitest";
import {
  ana,
  bob,
  chain,
  exported,
  joined,
  testKeys as keys,
  signedCheckpoint,
  verify,
} from "@/test/support/audit-chain";
import { genesisHash, type HashedEvent, hashOf, lineOf } from "./audit-chain";
import { auditKeyOf } from "./audit-checkpoint";

function expectBroken(text: string, breach: object): void {
  expect(verify(text)).toMatchObject({ result: "broken", breach });
}

const events = chain(9);
const whole = exported(events);
const lines = whole.trimEnd().split("\n");
const edit = (index: number, change: (line: string) => string) =>
  joined(lines.map((line, at) => (at === index ? change(line) : line)));

describe("an export as it was made", () => {
  test("is proven with the key", () => {
    const last = events.at(-1);
    expect(verify(whole)).toMatchObject({
      result: "proven",
      account: ana,
      last: { seq: 9, hash: last?.hash },
    });
    expect(verify(whole.trimEnd())).toMatchObject({ result: "proven" });
    expect(verify(exported(chain(1)))).toMatchObject({ result: "proven" });
  });

  test("is unproven without checkpoint, without key, and with a key that did not sign", () => {
    const unproven = (reason: string) => ({ result: "unproven", reason, last: { seq: 9 } });
    expect(verify(joined(lines.slice(0, -1)))).toMatchObject(unproven("no_checkpoint"));
    expect(verify(whole, {})).toMatchObject(unproven("no_key"));
    const other = auditKeyOf("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
    expect(verify(whole, { keys: [other] })).toMatchObject(unproven("other_key"));
    expect(verify(whole, { keys: [other, ...keys] })).toMatchObject({ result: "proven" });
  });

  test("still passes through a checkpoint that was kept from earlier, or is found rewritten", () => {
    const { account, seq, hash } = events[4] as HashedEvent;
    expect(verify(whole, { keys, kept: { account, seq, hash } })).toMatchObject({ result: "proven" });
    const rewritten = exported(chain(9).map((event) => event)).replaceAll("ana@", "eve@");
    expect(verify(rewritten)).toMatchObject({ result: "broken" });
    const kept = { account, seq, hash: "f".repeat(64) };
    expect(verify(whole, { keys, kept })).toMatchObject({
      result: "broken",
      breach: { fault: "rewritten", line: 5, found: 5 },
    });
    expect(verify(whole, { keys, kept: { account, seq: 12, hash } })).toMatchObject({
      result: "broken",
      breach: { fault: "deleted", line: 11, expected: 10, missingTo: 12 },
    });
    expect(verify(whole, { keys, kept: { account: bob, seq, hash } })).toMatchObject({
      breach: { fault: "foreign_account", line: 1 },
    });
  });
});

describe("tampering names the first broken record", () => {
  const event = (index: number) => events[index] as HashedEvent;

  test("an edited event", () => {
    expectBroken(
      edit(3, (line) => line.replace("ana@", "eve@")),
      { fault: "edited", line: 4, found: 4 },
    );
    expectBroken(
      edit(0, (line) => line.replace('"count":1', '"count":2')),
      { fault: "edited", line: 1 },
    );
    expectBroken(
      edit(3, (line) => line.replace(event(3).hash, event(4).hash)),
      { fault: "edited", line: 4 },
    );
  });

  test("an edited event that was given a fitting hash", () => {
    const forged = { ...event(3), actor: "eve@example.com" };
    const text = edit(3, () => lineOf({ ...forged, hash: hashOf(forged) }));
    expectBroken(text, { fault: "prev_hash", line: 5, found: 5 });
  });

  test("a whole new chain, under the old checkpoint", () => {
    const forged = chain(9).map((each) => ({ ...each }));
    for (const [index, each] of forged.entries()) {
      const next = { ...each, actor: "eve@example.com", prevHash: forged[index - 1]?.hash ?? genesisHash };
      forged[index] = { ...next, hash: hashOf(next) };
    }
    const text = joined([...forged.map(lineOf), signedCheckpoint(events)]);
    expectBroken(text, { fault: "checkpoint_differs", line: 10 });
  });

  test("a deleted event: at the start, in the middle, at the end", () => {
    const without = (...gone: number[]) => joined(lines.filter((_, at) => !gone.includes(at)));
    expectBroken(without(0), { fault: "deleted", line: 1, expected: 1, found: 2 });
    expectBroken(without(3, 4), { fault: "deleted", line: 4, expected: 4, found: 6, missingTo: 5 });
    expectBroken(without(8), { fault: "deleted", line: 9, expected: 9, found: 9, missingTo: 9 });
    expectBroken(without(0, 1, 2, 3, 4, 5, 6, 7, 8), { fault: "deleted", line: 1, expected: 1 });
  });

  test("reordered, duplicated, foreign and added records", () => {
    const swapped = [...lines];
    [swapped[2], swapped[6]] = [swapped[6] as string, swapped[2] as string];
    expectBroken(joined(swapped), { fault: "reordered", line: 3, expected: 3, found: 7 });
    const twice = joined([...lines.slice(0, 4), lines[3] as string, ...lines.slice(4)]);
    expectBroken(twice, { fault: "duplicated", line: 5, found: 4 });
    const foreign = joined([
      ...lines.slice(0, 4),
      lineOf(chain(9, bob)[4] as HashedEvent),
      ...lines.slice(5),
    ]);
    expectBroken(foreign, { fault: "foreign_account", line: 5, found: 5 });
    const other = joined([...lines.slice(0, -1), signedCheckpoint(chain(9, bob))]);
    expectBroken(other, { fault: "foreign_account", line: 10 });
    expectBroken(whole + whole, { fault: "after_end", line: 11 });
  });

  test("an event that does not follow", () => {
    const forged = { ...event(0), prevHash: "f".repeat(64) };
    expectBroken(
      edit(0, () => lineOf({ ...forged, hash: hashOf(forged) })),
      { fault: "prev_hash", line: 1 },
    );
  });

  test("what is no record: nothing, half a line, other text, another form, another way to write it", () => {
    expectBroken("", { fault: "empty", line: 1 });
    expectBroken(whole.slice(0, (lines[0]?.length ?? 0) + 50), { fault: "truncated", line: 2, expected: 2 });
    expectBroken(
      edit(2, () => ""),
      { fault: "bad_json", line: 3, expected: 3 },
    );
    expectBroken(
      edit(2, (line) => line.replace('"v":1', '"v":2')),
      { fault: "unknown_form", line: 3 },
    );
    expectBroken(
      edit(2, (line) => line.replace(",", ", ")),
      { fault: "reformatted", line: 3 },
    );
    expectBroken(
      edit(2, (line) => line.replace('"v":1', '"v":1,"v":1')),
      { fault: "reformatted", line: 3 },
    );
    expectBroken(
      edit(2, (line) => `${line}\r`),
      { fault: "reformatted", line: 3 },
    );
    expectBroken(
      edit(2, (line) => line.replace("Test", "\\ud800")),
      { fault: "reformatted", line: 3 },
    );
    expectBroken(
      edit(2, () => "[".repeat(9999) + "]".repeat(9999)),
      { fault: "unknown_form", line: 3 },
    );
    expect(verify(`\ufeff${whole}`)).toMatchObject({ breach: { fault: "reformatted", line: 1 } });
  });

  test("a checkpoint that was not signed so", () => {
    expectBroken(
      edit(9, (line) => line.replace("08:00", "09:00")),
      { fault: "bad_signature", line: 10 },
    );
    expectBroken(
      edit(9, (line) => line.replace('"signature":"', '"signature":"A')),
      { fault: "bad_signature" },
    );
    expectBroken(
      edit(9, (line) => line.replace('"at"', '"aT"')),
      { fault: "unknown_form", line: 10 },
    );
  });
});
