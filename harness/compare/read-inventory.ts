import {
  type Inventory,
  inventorySchema,
  inventoryText,
  type Part,
  type PartName,
  partNames,
} from '../inventory.ts';

/**
 * Reads `inventory.json` files. Cells of one configuration share most of their parts, which are lines of the file: each
 * is parsed once, checked once, and the same object from then on.
 */
export class InventoryReader {
  readonly #parts = new Map<string, Part>();

  /** @throws Error or ZodError when the text is no inventory of ours. */
  read(text: string): Inventory {
    const [head = '', ...lines] = text.trimEnd().split('\n');
    const isOurs = lines.length === partNames.length + 1 && head.endsWith('"parts":{');
    // Written anew by another program, e.g. a formatter.
    if (!isOurs) return this.read(inventoryText(inventorySchema.parse(JSON.parse(text))));
    const parts = Object.fromEntries(
      partNames.map((name, index) => [name, this.#part(name, lines[index] ?? '')]),
    ) as Record<PartName, Part>;
    const rest: unknown = JSON.parse(`${head.replace(/,"parts":\{$/, '')}}`);
    return { ...inventoryHead.parse(rest), parts };
  }

  #part(name: PartName, line: string): Part {
    const text = line.replace(/,$/, '');
    const known = this.#parts.get(text);
    if (known !== undefined) return known;
    const prefix = `${JSON.stringify(name)}:`;
    if (!text.startsWith(prefix)) throw new Error(`expected the part ${name}`);
    const part = inventorySchema.shape.parts.shape[name].parse(JSON.parse(text.slice(prefix.length)));
    this.#parts.set(text, part);
    return part;
  }
}

const inventoryHead = inventorySchema.omit({ parts: true });
