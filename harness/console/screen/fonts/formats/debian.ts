import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

/** Debian's packages by apt-get, unpacked below a directory. */
export class DebianPackages {
  readonly #work: string;

  constructor(work: string) {
    this.#work = work;
  }

  /** The directory with the files of a package. */
  async unpack(name: string): Promise<string> {
    const to = join(this.#work, name);
    const cwd = join(this.#work, `${name}.deb`);
    await Promise.all([to, cwd].map((path) => mkdir(path, { recursive: true })));
    await execa('apt-get', ['download', name], { cwd });
    const [file = ''] = await readdir(cwd);
    await execa('dpkg-deb', ['-x', join(cwd, file), to]);
    return to;
  }

  /** Files of a source package, by how their paths end. */
  async sourceFiles(name: string, ends: readonly string[]): Promise<string[]> {
    const cwd = join(this.#work, `${name}.source`);
    await mkdir(cwd, { recursive: true });
    await execa('apt-get', ['source', '--download-only', '--tar-only', name], { cwd });
    const [archive = ''] = await readdir(cwd);
    await execa('tar', ['-xf', archive, '--wildcards', ...ends.map((end) => `*/${end}`)], { cwd });
    return Promise.all(
      ends.map(async (end) => {
        const { stdout } = await execa('find', [cwd, '-path', `*/${end}`]);
        return readFile(stdout.split('\n')[0] ?? '', 'latin1');
      }),
    );
  }

  /** The kernel's `lib/fonts`. */
  async kernelFonts(): Promise<string> {
    const { stdout } = await execa('apt-cache', ['depends', 'linux-source']);
    const name = /linux-source-[\d.]+/.exec(stdout)?.[0] ?? '';
    const archive = join(await this.unpack(name), 'usr/src', `${name}.tar.xz`);
    await execa('tar', ['-xf', archive, '-C', this.#work, '--wildcards', '*/lib/fonts/*']);
    return join(this.#work, name, 'lib/fonts');
  }
}
