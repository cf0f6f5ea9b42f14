// What a .tflite file carries besides its graph: named JSON objects.
//
// A .tflite file is a FlatBuffer. A table begins with the distance back to a list of
// where its fields lie; a vector or a text with how long it is.
const BUFFERS = 4; // the fields of a model, by their numbers in the schema
const METADATA = 6;

/** Returns the object of this name; `null` if the file has none. */
export function readMetadata(content, name) {
  const file = new DataView(content.buffer, content.byteOffset, content.byteLength);
  if (file.byteLength < 8 || text(file, 4, 4) !== "TFL3") {
    throw new Error("the model must be a .tflite file");
  }
  const model = file.getUint32(0, true);
  const buffers = elements(file, model, BUFFERS);
  for (const entry of elements(file, model, METADATA)) {
    const place = target(file, field(file, entry, 0));
    if (text(file, place + 4, file.getUint32(place, true)) !== name) continue;
    const number = field(file, entry, 1);
    const buffer = buffers[number ? file.getUint32(number, true) : 0];
    const data = target(file, field(file, buffer, 0));
    return JSON.parse(text(file, data + 4, file.getUint32(data, true)));
  }
  return null;
}

/** Returns the place of a field of a table; 0 if it is not there. */
function field(file, table, number) {
  const list = table - file.getInt32(table, true);
  const entry = 4 + 2 * number;
  const offset =
    entry < file.getUint16(list, true) ? file.getUint16(list + entry, true) : 0;
  return offset ? table + offset : 0;
}

/** Returns the place that the number at a place points to. */
function target(file, place) {
  return place + file.getUint32(place, true);
}

/** Returns the places of the tables in a vector; none if the field is not there. */
function elements(file, table, number) {
  const place = field(file, table, number);
  if (!place) return [];
  const vector = target(file, place);
  const length = file.getUint32(vector, true);
  return Array.from({ length }, (_, index) => target(file, vector + 4 + 4 * index));
}

function text(file, place, length) {
  return new TextDecoder().decode(
    new Uint8Array(file.buffer, file.byteOffset + place, length),
  );
}
