import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;

/** Prints every setting of Kafka that a ConfigDef on the class path declares, as JSON: table, name, facts. */
public final class KafkaSettings {
    /** Kafka 4 moved the class and rewrote it in Java; in Scala its methods are those of the companion. */
    private static final List<String> DYNAMIC_OWNERS = List.of(
        "org.apache.kafka.server.config.DynamicBrokerConfig", "kafka.server.DynamicBrokerConfig$");

    public static void main(String[] arguments) throws Exception {
        Map<String, Object> tables = new LinkedHashMap<>();
        Map<?, ?> modes = dynamicModes();
        tables.put("broker", describe(call("kafka.server.KafkaConfig", "configDef"), modes));
        tables.put("topic", describe(call("org.apache.kafka.storage.internals.log.LogConfig", "configDefCopy"), Map.of()));
        tables.put("producer", describe(call("org.apache.kafka.clients.producer.ProducerConfig", "configDef"), Map.of()));
        tables.put("consumer", describe(call("org.apache.kafka.clients.consumer.ConsumerConfig", "configDef"), Map.of()));
        tables.put("connect", describe(connectWorker(), Map.of()));
        Json.writeFile(arguments[0], tables);
    }

    private static Map<?, ?> dynamicModes() throws Exception {
        for (String owner : DYNAMIC_OWNERS) {
            try {
                return (Map<?, ?>) invoke(Class.forName(owner), "dynamicConfigUpdateModes");
            } catch (ClassNotFoundException | NoSuchMethodException elsewhere) {
                continue;
            }
        }
        throw new IllegalStateException("Nothing tells which settings of the broker are dynamic.");
    }

    private static ConfigDef call(String owner, String method) throws Exception {
        return (ConfigDef) invoke(Class.forName(owner), method);
    }

    private static Object invoke(Class<?> owner, String name) throws Exception {
        Method method = owner.getDeclaredMethod(name);
        method.setAccessible(true);
        return method.invoke(Modifier.isStatic(method.getModifiers()) ? null : owner.getField("MODULE$").get(null));
    }

    /** The worker's method is not public, and takes the cryptography of the machine. */
    private static ConfigDef connectWorker() throws Exception {
        Class<?> owner = Class.forName("org.apache.kafka.connect.runtime.distributed.DistributedConfig");
        for (Method method : owner.getDeclaredMethods()) {
            if (!method.getName().equals("config") || method.getParameterCount() != 1) continue;
            method.setAccessible(true);
            Field system = method.getParameterTypes()[0].getDeclaredField("SYSTEM");
            system.setAccessible(true);
            return (ConfigDef) method.invoke(null, system.get(null));
        }
        throw new IllegalStateException("DistributedConfig has no method config(Crypto).");
    }

    private static Map<String, Object> describe(ConfigDef definitions, Map<?, ?> modes) throws Exception {
        Map<String, Object> settings = new TreeMap<>();
        for (ConfigDef.ConfigKey key : definitions.configKeys().values()) {
            if (key.internalConfig) continue;
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("type", key.type.name().toLowerCase());
            if (key.hasDefault() && key.defaultValue != null) {
                facts.put("default", ConfigDef.convertToString(key.defaultValue, key.type));
            }
            facts.put("required", !key.hasDefault());
            facts.put("importance", key.importance.name().toLowerCase());
            if (key.validator != null) describeValidator(key.validator, facts);
            Object mode = modes.get(key.name);
            if (mode != null) facts.put("mode", mode);
            settings.put(key.name, facts);
        }
        return settings;
    }

    /** What the validators say that stand for a range or a list of words; others keep their reasons to themselves. */
    private static void describeValidator(Object validator, Map<String, Object> facts) throws Exception {
        switch (validator.getClass().getSimpleName()) {
            case "Range" -> {
                facts.put("min", read(validator, "min"));
                facts.put("max", read(validator, "max"));
            }
            case "ValidString" -> facts.put("values", read(validator, "validStrings"));
            case "CaseInsensitiveValidString" -> {
                facts.put("values", read(validator, "validStrings"));
                facts.put("anyCase", true);
            }
            case "ValidList" -> describeValidator(read(validator, "validString"), facts);
            case "CompositeValidator" -> {
                for (Object part : (List<?>) read(validator, "validators")) describeValidator(part, facts);
            }
            default -> facts.put("validator", validator.getClass().getName());
        }
    }

    private static Object read(Object owner, String name) throws Exception {
        Field field = owner.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(owner);
    }
}
