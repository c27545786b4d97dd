import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** AWS Lambda's runtime API as a function asks it: `next` hangs until there is an invocation, then come its answers. */
export class LambdaRuntimeApi {
  readonly #server = createServer((request, response) => {
    if (request.url?.endsWith('/invocation/next')) {
      request.resume();
      this.#waiting = response;
      this.#idle?.();
      return;
    }
    const parts: Buffer[] = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      response.writeHead(202).end('{}');
      this.answers.push(Buffer.concat(parts).toString());
    });
  });
  /** What the function answered, as text. */
  readonly answers: string[] = [];
  #waiting: ServerResponse | undefined;
  #idle: (() => void) | undefined;

  /** Returns what belongs into `AWS_LAMBDA_RUNTIME_API`. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resolves when the function asks for the next invocation: then Lambda freezes it. */
  async idle(): Promise<void> {
    if (!this.#waiting) await new Promise<void>((resolve) => (this.#idle = resolve));
  }

  /** Resolves when the function asks for the next one. */
  async invoke(id: string, event: unknown): Promise<void> {
    const response = this.#waiting;
    this.#waiting = undefined;
    response
      ?.writeHead(200, {
        'Lambda-Runtime-Aws-Request-Id': id,
        'Lambda-Runtime-Deadline-Ms': String(Date.now() + 10_000),
        'Lambda-Runtime-Invoked-Function-Arn': 'arn:aws:lambda:eu-west-1:1:function:test',
        'Content-Type': 'application/json',
      })
      .end(JSON.stringify(event));
    await this.idle();
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
