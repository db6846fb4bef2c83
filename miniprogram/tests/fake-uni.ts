/** A small fake of what uni-app gives on every platform: a device, and a server behind it. */

export interface Asked {
  method: string;
  /** With its query. */
  path: string;
  body: unknown;
  headers: Record<string, string>;
  isForBytes: boolean;
}

export interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

type Answering = Answer | "unreachable" | Promise<Answer>;
type Answers = (asked: Asked) => Answering;

interface Options {
  url: string;
  method: string;
  data?: unknown;
  header: Record<string, string>;
  responseType: string;
  success: (answer: { statusCode: number; data: unknown; header: object }) => void;
  fail: (reason: object) => void;
}

export const device = {
  storage: new Map<string, string>(),
  /** The pages that were gone to, the last one last. */
  visited: [] as string[],
  storageIsFull: false,
};

export const server = {
  asked: [] as Asked[],
  routes: new Map<string, Answers>(),

  /** Answers `POST /path` from now on: with each of `answers` in turn, and the last for good. */
  answer(route: string, ...answers: (Answering | Answers)[]): void {
    let turn = 0;
    server.routes.set(route, (asked) => {
      const next = answers[Math.min(turn++, answers.length - 1)] as Answering | Answers;
      return typeof next === "function" ? next(asked) : next;
    });
  },

  /** What came for a route, in order. */
  askedFor(route: string): Asked[] {
    return server.asked.filter((asked) => nameOf(asked) === route);
  },
};

export const uni = {
  request(options: Options): void {
    const asked: Asked = {
      method: options.method,
      path: options.url,
      body: options.data,
      headers: options.header,
      isForBytes: options.responseType === "arraybuffer",
    };
    server.asked.push(asked);
    const answers = server.routes.get(nameOf(asked)) ?? missing;
    void Promise.resolve(answers(asked)).then((answer) => {
      if (answer === "unreachable") options.fail({ errMsg: "request:fail" });
      else
        options.success({
          statusCode: answer.status,
          data: answer.body ?? "",
          header: answer.headers ?? {},
        });
    });
  },
  getStorageSync: (key: string) => device.storage.get(key) ?? "",
  setStorageSync(key: string, value: string): void {
    if (device.storageIsFull) throw new Error("setStorageSync:fail");
    device.storage.set(key, value);
  },
  removeStorageSync: (key: string) => device.storage.delete(key),
  navigateTo: ({ url }: { url: string }) => device.visited.push(url),
  reLaunch: ({ url }: { url: string }) => device.visited.push(url),
};

export function resetUni(): void {
  device.storage.clear();
  device.visited = [];
  device.storageIsFull = false;
  server.asked = [];
  server.routes.clear();
}

/** A refusal as the server writes it. */
export function refusal(status: number, code: string, detail = code): Answer {
  return { status, body: { type: "about:blank", title: "", status, code, detail } };
}

/** What the device keeps under a name of ours. */
export function stored(key: string): unknown {
  const text = device.storage.get(`sain.${key}`);
  return text === undefined ? undefined : JSON.parse(text);
}

export function store(key: string, value: unknown): void {
  device.storage.set(`sain.${key}`, JSON.stringify(value));
}

const missing: Answers = () => ({ status: 404 });

function nameOf({ method, path }: Asked): string {
  return `${method} ${path.split("?")[0]}`;
}
