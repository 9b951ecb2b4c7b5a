/**
 * Owns the part of ONNX's protobuf schema that models are written with: names, types and field numbers of its messages
 * (onnx.proto of ONNX 1.12, IR version 8).
 */
import protobuf from "protobufjs/light.js";

type Field = readonly [number: number, type: string, rule?: "repeated" | "packed"];

function message(fields: Readonly<Record<string, Field>>): protobuf.IType {
  return {
    edition: "proto2",
    fields: Object.fromEntries(
      Object.entries(fields).map(([name, [id, type, rule]]) => [
        name,
        {
          id,
          type,
          ...(rule === undefined ? {} : { rule: "repeated" }),
          // The schema is of proto2, where numbers are packed only if it says so.
          ...(rule === "packed" ? { options: { packed: true } } : {}),
        },
      ]),
    ),
  };
}

const root = protobuf.Root.fromJSON({
  nested: {
    ModelProto: message({
      irVersion: [1, "int64"],
      opsetImport: [8, "OperatorSetIdProto", "repeated"],
      producerName: [2, "string"],
      docString: [6, "string"],
      graph: [7, "GraphProto"],
      metadataProps: [14, "StringStringEntryProto", "repeated"],
    }),
    OperatorSetIdProto: message({ domain: [1, "string"], version: [2, "int64"] }),
    StringStringEntryProto: message({ key: [1, "string"], value: [2, "string"] }),
    GraphProto: message({
      node: [1, "NodeProto", "repeated"],
      name: [2, "string"],
      initializer: [5, "TensorProto", "repeated"],
      docString: [10, "string"],
      input: [11, "ValueInfoProto", "repeated"],
      output: [12, "ValueInfoProto", "repeated"],
    }),
    NodeProto: message({
      input: [1, "string", "repeated"],
      output: [2, "string", "repeated"],
      name: [3, "string"],
      opType: [4, "string"],
      attribute: [5, "AttributeProto", "repeated"],
      docString: [6, "string"],
      domain: [7, "string"],
    }),
    AttributeProto: message({
      name: [1, "string"],
      type: [20, "int32"],
      f: [2, "float"],
      i: [3, "int64"],
      s: [4, "bytes"],
      t: [5, "TensorProto"],
      g: [6, "GraphProto"],
      floats: [7, "float", "repeated"],
      ints: [8, "int64", "repeated"],
      strings: [9, "bytes", "repeated"],
    }),
    TensorProto: message({
      dims: [1, "int64", "repeated"],
      dataType: [2, "int32"],
      name: [8, "string"],
      rawData: [9, "bytes"],
    }),
    ValueInfoProto: message({ name: [1, "string"], type: [2, "TypeProto"], docString: [3, "string"] }),
    TypeProto: message({ tensorType: [1, "TensorTypeProto"] }),
    // `TypeProto.Tensor` and `TensorShapeProto.Dimension` in the original: names do not travel.
    TensorTypeProto: message({ elemType: [1, "int32"], shape: [2, "TensorShapeProto"] }),
    TensorShapeProto: message({ dim: [1, "DimensionProto", "repeated"] }),
    DimensionProto: message({ dimValue: [1, "int64"], dimParam: [2, "string"] }),
  },
});

const modelType = root.lookupType("ModelProto");

export const FLOAT = 1;
export const INT64 = 7;
export const BOOL = 9;

export interface TensorProto {
  readonly name?: string;
  readonly dims: readonly number[];
  readonly dataType: number;
  /** Little-endian. */
  readonly rawData: Uint8Array;
}

export interface AttributeProto {
  readonly name: string;
  readonly type: number;
  readonly f?: number;
  readonly i?: number;
  readonly s?: Uint8Array;
  readonly g?: GraphProto;
  readonly ints?: readonly number[];
}

export interface NodeProto {
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly name: string;
  readonly opType: string;
  readonly attribute: readonly AttributeProto[];
}

export interface ValueInfoProto {
  readonly name: string;
  readonly type: {
    readonly tensorType: {
      readonly elemType: number;
      readonly shape: { readonly dim: readonly ({ dimValue: number } | { dimParam: string })[] };
    };
  };
  readonly docString?: string;
}

export interface GraphProto {
  readonly name: string;
  readonly docString?: string;
  readonly node: readonly NodeProto[];
  readonly initializer: readonly TensorProto[];
  readonly input: readonly ValueInfoProto[];
  readonly output: readonly ValueInfoProto[];
}

export interface ModelProto {
  readonly irVersion: number;
  readonly opsetImport: readonly { readonly domain: string; readonly version: number }[];
  readonly producerName: string;
  readonly docString?: string;
  readonly graph: GraphProto;
}

export function encodeModel(model: ModelProto): Uint8Array {
  return modelType.encode(modelType.fromObject(model)).finish();
}
