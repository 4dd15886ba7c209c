/** The names of an enum of the server, as the wire has them. */
export function namesOf(source: string, name: string): string[] {
  const body = new RegExp(`public enum ${name}\\s*\\{([^}]*)\\}`).exec(source)![1]!;
  const members = body.replace(/\/\/\/.*$/gm, "").match(/[A-Z]\w*/g)!;
  return members.map((member) => member.replace(/(?<=.)[A-Z]/g, "_$&").toLowerCase());
}
