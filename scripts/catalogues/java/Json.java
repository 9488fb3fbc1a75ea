import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes maps, collections, numbers, booleans and texts; null is left out of maps. */
final class Json {
    /** Into a file, because the systems log to the standard output. */
    static void writeFile(String path, Object value) throws IOException {
        Files.writeString(Path.of(path), write(value));
    }

    static String write(Object value) {
        if (value == null) return "null";
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                .filter(entry -> entry.getValue() != null)
                .map(entry -> quote(String.valueOf(entry.getKey())) + ":" + write(entry.getValue()))
                .collect(Collectors.joining(",", "{", "}"));
        }
        if (value instanceof Collection<?> items) {
            return items.stream().map(Json::write).collect(Collectors.joining(",", "[", "]"));
        }
        if (value instanceof Double number && !Double.isFinite(number)) return "null";
        return value instanceof Number || value instanceof Boolean ? value.toString() : quote(value.toString());
    }

    private static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char sign : text.toCharArray()) {
            if (sign == '"' || sign == '\\') quoted.append('\\').append(sign);
            else if (sign < 0x20) quoted.append(String.format("\\u%04x", (int) sign));
            else quoted.append(sign);
        }
        return quoted.append('"').toString();
    }
}
