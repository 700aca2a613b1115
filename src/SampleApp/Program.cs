using SampleApp;

var settings = AppSettings.Read(out var problems);
if (settings is null)
{
    foreach (var problem in problems)
    {
        await Console.Error.WriteLineAsync(problem);
    }

    return 2;
}

return args is ["cleanup"] ? await Cleanup.RunAsync(settings) : await App.RunAsync(settings);
