/** What the figure `dag` takes. */
export interface Picture {
  readonly nodes: readonly {
    readonly id: string;
    readonly label: string;
    readonly detail: string;
    readonly kind: string;
  }[];
  readonly edges: readonly {
    readonly from: string;
    readonly to: string;
    readonly label?: string;
  }[];
}
