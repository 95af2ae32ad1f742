export function findCircles(directory: string, room: string): Promise<string[][]>;
