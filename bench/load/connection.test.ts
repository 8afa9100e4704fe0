import { describe, expect, test } from "vitest";
import { ResponseReader } from "./connection";

const plain = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
const chunked =
  "HTTP/1.1 403 Forbidden\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n";
const empty = "HTTP/1.1 204 No Content\r\ndate: now\r\n\r\n";
const informational = "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n";

function readInPieces(text: string, size: number): number[] {
  const reader = new ResponseReader();
  const statuses: number[] = [];
  for (let at = 0; at < text.length; at += size) {
    statuses.push(...reader.read(Buffer.from(text.slice(at, at + size))));
  }
  return statuses;
}

describe("responses on a connection", () => {
  test("are told apart by length, by chunks, and by a status without body", () => {
    expect(readInPieces(plain + chunked + empty + plain, 10_000)).toEqual([200, 403, 204, 200]);
  });

  test("are the same however they are cut into pieces", () => {
    for (let size = 1; size < 40; size++) {
      expect(readInPieces(plain + informational + chunked + empty, size)).toEqual([200, 403, 204]);
    }
  });

  test("do not count before they are complete", () => {
    expect(readInPieces(plain.slice(0, -1), 10_000)).toEqual([]);
    expect(readInPieces(chunked.slice(0, -1), 10_000)).toEqual([]);
    expect(readInPieces(informational, 10_000)).toEqual([]);
  });
});
