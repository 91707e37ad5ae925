/** What a column of an array of rows holds, found by looking at every value. */
import { InputError } from "../../basics";

type Kind = "text" | "integer" | "number" | "boolean" | "list" | "struct";

/** Filled by `add`, value by value. */
export class RowShape {
  /** Undefined until a value that is not null. */
  kind: Kind | undefined;
  /** Of a list's elements. */
  element: RowShape | undefined;
  /** Of a struct's fields, in the order in which they are first seen. */
  readonly fields = new Map<string, RowShape>();

  constructor(private readonly path: string) {}

  /** Throws InputError when the value is of another kind than those before it. */
  add(value: unknown, row: number): void {
    if (value === null || value === undefined) return;
    const kind = kindOfValue(value);
    if (kind === undefined) throw this.misfit(row, String(value), "no text, number or truth");
    if (this.kind === undefined || (this.kind === "integer" && kind === "number")) this.kind = kind;
    else if (kind !== this.kind && !(this.kind === "number" && kind === "integer")) {
      throw this.misfit(row, JSON.stringify(value), `${kind}, not ${this.kind} as before it`);
    }
    if (kind === "list") this.addElements(value as readonly unknown[], row);
    if (kind === "struct") this.addFields(value as Readonly<Record<string, unknown>>, row);
  }

  private addElements(values: readonly unknown[], row: number): void {
    const element = (this.element ??= new RowShape(`${this.path}[]`));
    for (const value of values) element.add(value, row);
  }

  addFields(value: Readonly<Record<string, unknown>>, row: number): void {
    for (const name of Object.keys(value)) {
      let field = this.fields.get(name);
      if (field === undefined) {
        field = new RowShape(this.path === "" ? name : `${this.path}.${name}`);
        this.fields.set(name, field);
      }
      field.add(value[name], row);
    }
  }

  private misfit(row: number, value: string, why: string): InputError {
    return new InputError(`row ${row}, column "${this.path}": ${value.slice(0, 60)} is ${why}`);
  }
}

function kindOfValue(value: unknown): Kind | undefined {
  if (typeof value === "string") return "text";
  if (typeof value === "boolean") return "boolean";
  if (typeof value === "number") return Number.isSafeInteger(value) ? "integer" : "number";
  if (typeof value === "bigint") return "integer";
  if (Array.isArray(value)) return "list";
  const isPlain = typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype;
  return isPlain ? "struct" : undefined;
}
