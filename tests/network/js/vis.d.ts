// What we use of vis-network, which the page brings as a script of its own.
declare namespace vis {
  class DataSet {
    getIds(): any[];
    get(id: number | string): any;
    update(items: object[]): void;
    remove(ids: (number | string)[]): void;
  }
  class Network {
    constructor(container: HTMLElement, data: { nodes: DataSet; edges: DataSet }, options: object);
    on(event: string, listener: (details: any) => void): void;
    redraw(): void;
    moveTo(options: object): void;
    getScale(): number;
    getViewPosition(): { x: number; y: number };
    getPositions(ids: number[]): Record<string, { x: number; y: number }>;
    canvasToDOM(place: { x: number; y: number }): { x: number; y: number };
    unselectAll(): void;
  }
}
