import type { Schema } from "@/api/client";
import { hasStandard, type Organization, type PlaceableKind } from "./rules";

/** What the form holds: texts as typed, empty for nothing. */
export interface OrganizationValues {
  parent_id: number | null;
  kind: PlaceableKind | "";
  name: string;
  name_mn: string;
  standard: Organization["standard"];
  population: string;
  contact_name: string;
  contact_phone: string;
  address: string;
  longitude: string;
  latitude: string;
}

type Body = Omit<Schema<"OrganizationEditBody">, "name"> & { name: string };

export function emptyValues(parentId: number | null): OrganizationValues {
  return {
    parent_id: parentId,
    kind: "",
    name: "",
    name_mn: "",
    standard: "none",
    population: "",
    contact_name: "",
    contact_phone: "",
    address: "",
    longitude: "",
    latitude: "",
  };
}

export function valuesOf(organization: Organization): OrganizationValues {
  const { population, longitude, latitude } = organization;
  return {
    parent_id: organization.parent?.id ?? null,
    kind: organization.kind as PlaceableKind,
    name: organization.name,
    name_mn: organization.name_mn ?? "",
    standard: organization.standard,
    population: population === null ? "" : String(population),
    contact_name: organization.contact_name ?? "",
    contact_phone: organization.contact_phone ?? "",
    address: organization.address ?? "",
    longitude: longitude === null ? "" : String(longitude),
    latitude: latitude === null ? "" : String(latitude),
  };
}

export function bodyOf(values: OrganizationValues): Body {
  return {
    name: values.name.trim(),
    name_mn: textOf(values.name_mn),
    ...(hasStandard(values.kind) && { standard: values.standard }),
    population: numberOf(values.population),
    contact_name: textOf(values.contact_name),
    contact_phone: textOf(values.contact_phone),
    address: textOf(values.address),
    longitude: numberOf(values.longitude),
    latitude: numberOf(values.latitude),
  };
}

/** What can be told without asking the server. */
export function complaints(values: OrganizationValues): Record<string, string | false> {
  const isPlaced = values.longitude.trim() !== "" || values.latitude.trim() !== "";
  return {
    parent_id: values.parent_id === null && "请选择它属于哪个机构。",
    kind: values.kind === "" && "请选择类型。",
    name: !values.name.trim() && "请填写名称。",
    population:
      values.population.trim() !== "" &&
      !/^[1-9]\d{0,8}$/.test(values.population.trim()) &&
      "请填写整数，例如 23000。",
    longitude: isPlaced && !isDegrees(values.longitude, 180) && "经度例如 109.98。",
    latitude: isPlaced && !isDegrees(values.latitude, 90) && "纬度例如 39.82。",
  };
}

function isDegrees(text: string, most: number): boolean {
  return /^-?\d+(\.\d+)?$/.test(text.trim()) && Math.abs(Number(text)) <= most;
}

function textOf(text: string): string | null {
  return text.trim() || null;
}

function numberOf(text: string): number | null {
  return text.trim() === "" ? null : Number(text);
}
