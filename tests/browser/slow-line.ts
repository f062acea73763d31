import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Transform } from "node:stream";

/**
 * A slow line to a Hub: what lies in its storage arrives at `bytesPerSecond`, all connections
 * together; everything else at once.
 */
export class SlowLine {
  bytesPerSecond = Number.POSITIVE_INFINITY;
  /** Whether an answer to this is kept back for ever, though the Hub has done what was asked. */
  keepsBack: (asked: IncomingMessage) => boolean = () => false;
  /** Answers that were kept back. */
  kept = 0;
  #freeAt = 0;
  #servers: Server[] = [];
  endpoint = "";
  #storage = "";

  constructor(private readonly hub: { endpoint: string; storage: string }) {}

  async open(): Promise<this> {
    this.#storage = await this.#serve(this.hub.storage, () => this.#throttle());
    this.endpoint = await this.#serve(this.hub.endpoint, () => undefined);
    return this;
  }

  /** Ends what is under way; nobody answers any more. */
  async close(): Promise<void> {
    await Promise.all(
      this.#servers.map((server) => {
        const closed = new Promise((resolve) => server.close(resolve));
        server.closeAllConnections();
        return closed;
      }),
    );
  }

  async #serve(target: string, between: () => Transform | undefined): Promise<string> {
    const server = createServer((asked, answer) => this.#pass(target, asked, answer, between()));
    this.#servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  #pass(target: string, asked: IncomingMessage, answer: ServerResponse, between?: Transform): void {
    const headers = { ...asked.headers, host: new URL(target).host };
    const onwards = request(target + asked.url, { method: asked.method, headers }, (given) => {
      for (const name of ["location", "link"] as const) {
        const value = given.headers[name];
        if (typeof value === "string") given.headers[name] = this.#throughHere(value);
      }
      if (this.keepsBack(asked)) {
        this.kept += 1;
        given.resume();
        return;
      }
      answer.writeHead(given.statusCode ?? 502, given.headers);
      (between ? given.pipe(between) : given).pipe(answer);
    });
    onwards.on("error", () => answer.destroy());
    answer.on("close", () => onwards.destroy());
    asked.pipe(onwards);
  }

  /** The Hub's own addresses, as those who come by this line know them. */
  #throughHere(value: string): string {
    return value.replaceAll(this.hub.storage, this.#storage).replaceAll(this.hub.endpoint, this.endpoint);
  }

  #throttle(): Transform {
    return new Transform({
      transform: (chunk: Buffer, _, done) => {
        this.#freeAt = Math.max(this.#freeAt, Date.now()) + (1000 * chunk.length) / this.bytesPerSecond;
        const wait = this.#freeAt - Date.now();
        if (wait > 0) setTimeout(() => done(null, chunk), wait);
        else done(null, chunk);
      },
    });
  }
}
