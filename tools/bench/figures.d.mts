// Types of figures.mjs for its test; the bench is JavaScript, because it runs without being compiled.

export type Goal = {
  readonly name: string
  readonly value: number
  readonly least?: number
  readonly most?: number
  readonly aim?: number
  readonly remark?: string
}

export declare function judge(goal: Goal): Record<string, string>
export declare function pageWithFigures(): string
export declare function figuresTable(figures: string): string
