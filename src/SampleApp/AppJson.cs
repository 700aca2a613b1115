using System.Text.Json.Serialization;

namespace SampleApp;

[JsonSerializable(typeof(Health))]
[JsonSerializable(typeof(DatabaseHealth))]
[JsonSerializable(typeof(Credentials))]
[JsonSerializable(typeof(AccessToken))]
[JsonSerializable(typeof(CsrfToken))]
[JsonSerializable(typeof(User))]
[JsonSerializable(typeof(NoteText))]
[JsonSerializable(typeof(Note))]
[JsonSerializable(typeof(List<Note>))]
[JsonSerializable(typeof(Export))]
[JsonSerializable(typeof(Problem))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class AppJson : JsonSerializerContext;
