// Types of import_order.mjs, which stays JavaScript because `npm run check` runs it before anything is compiled.

export declare const collectorRooms: readonly string[]

/** Paths from the root, and the text of each file. */
export type Sources = ReadonlyMap<string, string>

export type Import = { readonly path: string } | { readonly name: string; readonly path?: undefined }

export declare function findViolations(files: Sources, dependencies: readonly string[]): string[]
export declare function readSources(root: string): Map<string, string>
export declare function findImports(text: string): string[]
export declare function withoutComments(text: string): string
export declare function findCycles(graph: ReadonlyMap<string, readonly Import[]>): string[][]
