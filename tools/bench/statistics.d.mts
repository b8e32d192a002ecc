// Types of statistics.mjs for its test.

export declare function quantile(values: readonly number[], share: number): number
export declare function spread(values: readonly number[]): Record<string, number>
export declare function slope(points: readonly (readonly [number, number])[]): number
export declare function rounded(value: number): number
