/** The little of Express that the benchmark uses; the package brings no types. */
declare module "express" {
  import type { RequestListener } from "node:http";

  interface Application extends RequestListener {
    use(handler: RequestListener): Application;
    disable(setting: string): Application;
    listen(port: number, host: string): unknown;
  }

  export default function express(): Application;
}
