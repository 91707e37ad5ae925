/** Products as the search shows them, read from a catalogue file. */
import { readFileSync, statSync } from "fs";
import { InputError } from "../../basics";
import { flipkartHeader } from "../../generators";
import type { FlipkartRow } from "../../generators";

export type Product = Omit<FlipkartRow, "description">;

const mostBytes = 2 ** 29;

/** The products of a CSV catalogue, as they come in it. Throws InputError for another file. */
export function readProducts(file: string): Product[] {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) throw new InputError(`${file}: there is no such file`);
  if (found.size > mostBytes) {
    throw new InputError(`${file} is larger than the ${mostBytes} bytes that a search holds`);
  }
  const [header = "", ...lines] = readFileSync(file, "utf8").split(/\r?\n/);
  if (header !== flipkartHeader.join(",")) {
    throw new InputError(`${file}: its header is not ${flipkartHeader.join(",")}`);
  }
  return lines.flatMap((line, i) => (line === "" ? [] : [productOf(line, `${file}:${i + 2}`)]));
}

function productOf(line: string, place: string): Product {
  const fields = line.split(",");
  const [number, title = "", brand = "", category = "", , ...signals] = fields;
  const [price, rating, ratings, sold] = signals.map(Number) as [number, number, number, number];
  const product = Number(number);
  const isWhole = [product, price, ratings, sold].every((value) => Number.isSafeInteger(value));
  const isRight = isWhole && rating >= 0 && rating <= 5;
  if (fields.length !== flipkartHeader.length || !isRight) {
    throw new InputError(`${place}: this is no product: "${line.slice(0, 60)}"`);
  }
  return { product, title, brand, category, price, rating, ratings, sold };
}
