import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

const WIDTH = 720;
/** Twice would double the files; this is sharp enough on a dense screen. */
const SCALE = 1.5;
/** Time of the page's own clock: the fonts are local. */
const SETTLED_MS = 2000;

/** Draws HTML bodies with Debian's Chromium, each as high as it is. */
export class Chromium {
  readonly #directory: string;
  readonly #css: string;

  private constructor(directory: string, css: string) {
    this.#directory = directory;
    this.#css = css;
  }

  /** @throws when there is no Chromium on the PATH */
  static async start(css: string): Promise<Chromium> {
    try {
      await run('chromium', ['--version']);
    } catch (error) {
      throw new Error(
        'The pictures are drawn by the program `chromium`, which was not found on the PATH. On Debian: apt install chromium fonts-liberation fonts-dejavu fonts-noto-color-emoji',
        { cause: error },
      );
    }
    return new Chromium(await mkdtemp(join(tmpdir(), 'testbox-pictures-')), css);
  }

  /** Gives the PNG. */
  async draw(body: string): Promise<Buffer> {
    const page = join(this.#directory, 'page.html');
    await writeFile(page, this.#page(body));
    const url = pathToFileURL(page).href;
    const measured = await this.#run(['--dump-dom', url]);
    const height = /data-height="(\d+)"/.exec(measured)?.[1];
    if (height === undefined) throw new Error('Chromium did not tell how high the page is.');
    const file = join(this.#directory, 'page.png');
    await this.#run([
      `--window-size=${WIDTH},${height}`,
      `--force-device-scale-factor=${SCALE}`,
      `--screenshot=${file}`,
      url,
    ]);
    return readFile(file);
  }

  async stop(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #run(more: readonly string[]): Promise<string> {
    const { stdout } = await run('chromium', [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--hide-scrollbars',
      `--user-data-dir=${join(this.#directory, 'profile')}`,
      `--window-size=${WIDTH},400`,
      `--virtual-time-budget=${SETTLED_MS}`,
      ...more,
    ]);
    return stdout;
  }

  #page(body: string): string {
    return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><style>${this.#css}</style></head>
<body>${body}
<script>
  document.fonts.ready.then(() => {
    document.documentElement.dataset.height = Math.ceil(document.body.getBoundingClientRect().height);
  });
</script>
</body>
</html>
`;
  }
}
