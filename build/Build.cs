/// <summary>Replaced by the targets as soon as the engine is in.</summary>
static class Build
{
    static int Main() => 0;
}
