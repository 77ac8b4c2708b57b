Option Explicit
Option Private Module

' What only Excel on Windows has: the place of the program, xlwings' library, recalculation by sheets.

Private Declare PtrSafe Function LoadLibraryW Lib "kernel32" (ByVal path As LongPtr) As LongPtr

' The folder of the Python environment: set by the installer, or its place for a user without administrator rights.
Public Function AlvhHome() As String
    AlvhHome = GetSetting("xlalvh", "Install", "Environment", Environ$("LOCALAPPDATA") & "\xlalvh\environment")
End Function

' Load the library that fits this Excel; a Declare finds it by name once it is loaded.
Public Function AlvhLoadLibrary(ByVal home As String) As Boolean
    Dim handle As LongPtr, bits As String, path As String
    bits = "32"
    If Len(handle) = 8 Then bits = "64"
    path = home & "\xlwings" & bits & "-" & XLWINGS_VERSION & ".dll"
    handle = LoadLibraryW(StrPtr(path))
    AlvhLoadLibrary = (handle <> 0)
End Function

' Recalculate the sheets that hold our functions, in every open book.
Public Sub AlvhRecalculate()
    Dim book As Object, sheet As Object
    For Each book In Application.Workbooks
        For Each sheet In book.Worksheets
            If Not sheet.UsedRange.Find("ALVH_", , xlFormulas, xlPart) Is Nothing Then
                If sheet.EnableCalculation Then
                    sheet.EnableCalculation = False
                    sheet.EnableCalculation = True
                End If
            End If
        Next sheet
    Next book
End Sub
