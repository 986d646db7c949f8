/** What AWS asks for, in USD, in one region, on one day. */
export interface Prices {
  /** The day of these prices, as in 2026-11-23. */
  readonly date: string;
  readonly region: string;
  readonly source: string;
  readonly lambda: {
    readonly gbSecond: { readonly x86_64: number; readonly arm64: number };
    readonly millionRequests: number;
  };
  /** Of API Gateway's REST APIs. */
  readonly apiMillionRequests: number;
  readonly fargate: {
    readonly vcpuHour: { readonly x86_64: number; readonly arm64: number };
    readonly gbHour: { readonly x86_64: number; readonly arm64: number };
  };
  /** Of instances with a GPU, by type, on demand with Linux. */
  readonly instanceHour: Readonly<Record<string, number>>;
}
