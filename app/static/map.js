// Draws the list's own points. The list stays the page: the map opens on request and repeats it.
const EDGE = { padding: [32, 32], maxZoom: 15 };

function linkTo(point) {
  const link = document.createElement("a");
  link.href = `/services/${point.id}`;
  link.textContent = point.name;
  const where = document.createElement("p");
  where.textContent = [point.where, point.distance].filter(Boolean).join(", ");
  const said = document.createElement("div");
  said.append(link, where);
  return said;
}

function draw(box, points, tiles) {
  const map = window.L.map(box, { scrollWheelZoom: false, attributionControl: Boolean(tiles) });
  map.attributionControl?.setPrefix(false);
  if (tiles) window.L.tileLayer(tiles, { maxZoom: 18, attribution: `Map: ${new URL(tiles, location.href).hostname}` }).addTo(map);
  const pins = points.features.map(({ geometry, properties }) => {
    const [east, north] = geometry.coordinates;
    const icon = window.L.divIcon({ className: "app-map__pin", html: String(properties.number), iconSize: [28, 28] });
    return window.L.marker([north, east], { icon, title: `${properties.number}: ${properties.name}`, riseOnHover: true }).bindPopup(linkTo(properties)).addTo(map);
  });
  window.L.control.scale({ imperial: true, metric: true }).addTo(map);
  map.fitBounds(window.L.featureGroup(pins).getBounds(), EDGE);
  return map;
}

function prepare(part) {
  const points = JSON.parse(document.getElementById("map-points").textContent);
  const button = Object.assign(document.createElement("button"), { type: "button", className: "govuk-button govuk-button--secondary", textContent: "Show map" });
  const box = Object.assign(document.createElement("div"), { className: "app-map", id: "map", hidden: true });
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", part.dataset.label);
  button.setAttribute("aria-expanded", "false");
  button.setAttribute("aria-controls", "map");
  let map;
  button.addEventListener("click", () => {
    box.hidden = !box.hidden;
    button.textContent = box.hidden ? "Show map" : "Hide map";
    button.setAttribute("aria-expanded", String(!box.hidden));
    map ??= draw(box, points, part.dataset.tiles);
    map.invalidateSize();
  });
  part.append(button, box);
  part.hidden = false;
}

document.querySelectorAll("[data-map]").forEach(prepare);
