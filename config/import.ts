import { registerHooks } from 'node:module';
import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UsageError } from '../harness/errors.ts';

const entry = new URL(`index${extname(import.meta.filename)}`, import.meta.url).href;

// For a config `boot-matrix` is the harness that runs it, whether or not its package is installed there: Nix's is not.
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'boot-matrix' ? { url: entry, shortCircuit: true } : next(specifier, context),
});

/**
 * The default export of a module, TypeScript included, which node runs by leaving out its types.
 * @throws UsageError `<what>-unreadable` where it cannot be loaded, with node's own word and the place; `<what>-no-default`.
 */
export async function importDefault(path: string, what: 'config' | 'scenario'): Promise<unknown> {
  let module: { default?: unknown };
  try {
    module = (await import(pathToFileURL(path).href)) as { default?: unknown };
  } catch (cause) {
    throw new UsageError(`${what}-unreadable`, `The ${what} ${path} cannot be loaded: ${describe(cause)}.`, {
      hint: hintFor(cause),
      cause,
    });
  }
  if (module.default !== undefined) return module.default;
  throw new UsageError(
    `${what}-no-default`,
    `The ${what} ${path} has no default export: expected \`export default ${what === 'config' ? 'defineConfig({ … })' : "scenario('name', { … }, …)"}\`.`,
  );
}

/** Node tells the place of a syntax error in the first line of the stack. */
function describe(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const { name, message, stack = '' } = cause;
  const place =
    /^(?:file:\/\/)?(\/\S+:\d+)\n/.exec(stack)?.[1] ??
    / \(?(?:file:\/\/)?(\/[^\s)]+:\d+):\d+\)?$/m.exec(stack)?.[1];
  const text = `${name}: ${message.split('\n', 1)[0]}`.replace(/\.$/, '');
  return place === undefined || name === 'UsageError' ? text : `${text} (${place})`;
}

const hintFor = (cause: unknown): string | undefined =>
  /Cannot use import statement outside a module|Unexpected token 'export'/.test(String(cause))
    ? 'The package.json beside it says that its modules are CommonJS: set "type": "module", or call it .mts.'
    : undefined;
