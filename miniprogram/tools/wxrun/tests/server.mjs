import fs from "node:fs";
import http from "node:http";
import path from "node:path";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".png": "image/png",
  ".svg": "image/svg+xml",
};

/**
 * Serves a bundled mini-program and answers what the runtime asks of WeChat and pages of their API.
 * @param {string} folder
 * @param {(request: { method: string, path: string, headers: Record<string, any>, body: string }) =>
 *   { status?: number, type?: string, body?: any, wait?: number } | undefined} answer
 */
export async function serve(folder, answer) {
  const server = http.createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const url = new URL(request.url ?? "/", "http://x");
    const given = answer({
      method: request.method ?? "GET",
      path: url.pathname + url.search,
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    });
    if (given) {
      if (given.wait) await new Promise((resolve) => setTimeout(resolve, given.wait));
      response.writeHead(given.status ?? 200, { "content-type": given.type ?? "application/json" });
      return response.end(
        typeof given.body === "string" || Buffer.isBuffer(given.body)
          ? given.body
          : JSON.stringify(given.body ?? {}),
      );
    }
    const file = path.join(folder, url.pathname === "/" ? "index.html" : url.pathname);
    if (!fs.existsSync(file)) return response.writeHead(404).end();
    response.writeHead(200, {
      "content-type": TYPES[path.extname(file)] ?? "application/octet-stream",
    });
    fs.createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
